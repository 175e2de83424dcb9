"""Which ids are one person: links between users, devices and who was identified on them, addresses in one spelling."""
