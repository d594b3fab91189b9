"""Attachment in, Document out: triage by content, a reader per format, OCR, and the process that can be killed."""
