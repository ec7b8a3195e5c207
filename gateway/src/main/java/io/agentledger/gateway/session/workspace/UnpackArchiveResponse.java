package io.agentledger.gateway.session.workspace;

/** How much an archive has brought. */
record UnpackArchiveResponse(long files, long bytes) {}
