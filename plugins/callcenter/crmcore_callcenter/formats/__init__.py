"""The files of telephone systems that `crm import` reads."""
