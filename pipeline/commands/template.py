"""The settings file as `init` writes it: every setting with its meaning, working as it stands."""

SETTINGS = """\
# reportgate settings. As it stands it works without anything else: mail is taken from a Maildir, letters go to a Maildir,
# records are kept in an SQLite file. Every key may also be set by an environment variable: REPORTGATE_STORE__URL is [store] url.

# Everything the gateway keeps: the database, the key to stored mail, the Maildirs below.
data_dir = "{data_dir}"

# The rules in force. Without this line: those that came with the program.
# rules_dir = "/etc/reportgate/rules"

# The names our own receiving servers write into Authentication-Results. Without them the topmost header is believed, whoever
# wrote it: set them before a mailbox is read over IMAP, `reportgate doctor` insists.
# trusted_servers = ["mx.example.nhs.uk"]

# --- where mail comes in; a table for each mailbox

[[mailboxes]]
kind = "maildir"
name = "reports"                # what it is called in the ledger: never change it
path = "{data_dir}/in"

# [[mailboxes]]
# kind = "imap"
# name = "reports"
# host = "outlook.office365.com"
# security = "tls"              # or "starttls"; there is no unprotected way
# user = "cp.reports.brent@nhs.net"
# folder = "INBOX"
# after = "move"                # or "flag" where the account may not move mail
# processed_folder = "Processed"
# held_folder = "Held"
# parked_folder = "Parked"
# since = "2026-01-01"          # older mail is never looked at
# # Exchange Online, app-only. For an ordinary server: password_file = "/etc/reportgate/imap.password"
# [mailboxes.oauth]
# tenant = "00000000-0000-0000-0000-000000000000"
# client_id = "00000000-0000-0000-0000-000000000000"
# client_secret_file = "/etc/reportgate/client.secret"

# --- where letters go

[outgoing]
kind = "maildir"
path = "{data_dir}/out"

# [outgoing]
# kind = "smtp"
# host = "smtp.office365.com"
# security = "starttls"         # or "tls"
# user = "cp.reports.brent@nhs.net"
# password_file = "/etc/reportgate/smtp.password"

[letters]
sender = "reportgate@reports.example"   # our own address
# help_contact = "Safeguarding administration, 01632 960100"

# --- records

# [store]
# url = "postgresql+psycopg://reportgate@localhost/reportgate"

# [vault]
# key_file = "/etc/reportgate/vault.key"   # else the variable REPORTGATE_VAULT_KEY, else data_dir/vault.key

# --- limits on what is opened, and how copies are proved

# [reading]
# pages = 400
# file_bytes = 60000000
# unpacked_bytes = 400000000    # of all that one attachment holds, and the two below with it
# members = 1000
# depth = 8                     # containers within containers
# ratio = 200                   # unpacked to packed; text packs 20 to 1, a bomb 1,000 to 1
# seconds = 3600                # for one file; 300 scanned pages take about 20 minutes on one idle processor
# message_seconds = 7200        # for all files of one message; what is not read by then is named, and the message held
# silent_seconds = 300          # until a file is given up where no page of it gets done
# memory_bytes = 3000000000
# workers = 2                   # with 1, a short report may wait behind a long scan
# ocr = true

# --- a virus scanner (clamd) that every file is shown to before it is opened; once set, mail waits while it does not answer

# [antivirus]
# socket = "/run/clamav/clamd.ctl"   # or "localhost:3310"
# timeout_seconds = 60

# [copying]
# ocr_proof = true              # every page that leaves as a picture is read back by OCR first
# ocr_whole_pages = false       # true: OCR reads printed pages whole, not only bars and what nothing else vouches for; several times slower
# dpi = 170
"""
