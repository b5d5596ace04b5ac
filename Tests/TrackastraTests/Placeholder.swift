import Trackastra
