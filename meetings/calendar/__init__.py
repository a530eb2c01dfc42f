"""iCalendar: what other people's calendars read and send. Pure: it knows no meeting and no database."""
