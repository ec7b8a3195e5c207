package io.agentledger.gateway.session.workspace;

/** Number and size of unpacked files. */
record UnpackArchiveResponse(long files, long bytes) {}
