"""What several formats share: each file one piece of understanding, such as names, dates, or what notices mean."""
