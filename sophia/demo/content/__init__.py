from sophia.demo.content.bakery import BAKERY
from sophia.demo.content.ceramics import CERAMICS
from sophia.demo.content.cycles import CYCLES
from sophia.demo.content.plants import PLANTS

BUSINESSES = (BAKERY, CYCLES, CERAMICS, PLANTS)
