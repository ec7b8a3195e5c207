package io.agentledger.gateway.session.workspace;

import io.agentledger.gateway.session.CreateSessionRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parts of the multipart request, for the OpenAPI document.
 *
 * @param session as in a request without files; optional
 * @param archive zip, tar or tar.gz; may be repeated
 * @param files filename of each part is its path in the workspace
 */
record CreateSessionWithFilesRequest(
    @Nullable CreateSessionRequest session,
    @Schema(type = "string", format = "binary") @Nullable String archive,
    @Nullable List<String> files) {}
