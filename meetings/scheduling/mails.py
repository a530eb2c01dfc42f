"""placeholder while the room is being furnished"""

def follow(meeting, event):
    return None
