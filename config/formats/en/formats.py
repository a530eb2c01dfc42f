"""English as it is written in Accra and Abuja: the day comes first, and the clock has 24 hours.

Django's own English is that of the United States, where 04/05/2009 is a day in April.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
