/// The frame of the reports: one style, light and dark, and no references to other files.
public enum HTMLPage {
    /// A whole page.
    ///
    /// - Parameters:
    ///   - title: The title, without markup.
    ///   - body: The elements of the body.
    public static func text(title: String, _ body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title.escapedForMarkup)</title>
        <style>
        :root {
          color-scheme: light dark;
          --text: #1c2024; --quiet: #60656c; --back: #ffffff; --line: #e3e5e8;
          --series-1: #0b62c4; --series-2: #c2500a; --series-3: #16825d; --warn: #fff4d6;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --text: #eceef0; --quiet: #a4a9b0; --back: #15181b; --line: #31363b;
            --series-1: #6cb2ff; --series-2: #ff9c55; --series-3: #4fcf9e; --warn: #4a3a10;
          }
        }
        body {
          font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back);
          max-width: 1080px; margin: 0 auto; padding: 24px 20px 64px;
        }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3em; }
        h2 { font-size: 1.2rem; margin: 2em 0 .6em; }
        h3 { font-size: 1rem; margin: 1.4em 0 .5em; overflow-wrap: anywhere; }
        .lead { font-size: 1.05rem; }
        .warning { background: var(--warn); padding: .5em .8em; border-radius: 6px; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 24px; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; }
        .sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 20px; }
        .sheet figcaption { overflow-wrap: anywhere; }
        .sheet b { color: var(--text); font-weight: 600; }
        .odd { background: var(--warn); border-radius: 4px; padding: 0 .3em; }
        figure { margin: 0; }
        figcaption { color: var(--quiet); font-size: .9rem; margin: .2em 0; }
        img { width: 100%; height: auto; display: block; border-radius: 4px; }
        svg { width: 100%; height: auto; display: block; }
        .legend { font-size: .9rem; color: var(--quiet); margin: .2em 0 0; }
        .legend span { margin-right: 1.2em; }
        .legend i { display: inline-block; width: 18px; height: 3px; vertical-align: middle; margin-right: .4em; }
        table { border-collapse: collapse; font-size: .95rem; width: 100%; }
        th { text-align: left; font-weight: 500; color: var(--quiet); width: 14em; vertical-align: top; }
        th, td { border-top: 1px solid var(--line); padding: .35em .6em .35em 0; overflow-wrap: anywhere; }
        </style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }
}
