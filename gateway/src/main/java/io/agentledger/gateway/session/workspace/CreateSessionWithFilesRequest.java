package io.agentledger.gateway.session.workspace;

import io.agentledger.gateway.session.CreateSessionRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the request, as the API document says them.
 *
 * @param session as where nothing is sent along; may be left out
 * @param archive zip, tar or tar.gz; may come several times
 * @param files each under its filename, which is its path in the workspace
 */
record CreateSessionWithFilesRequest(
    @Nullable CreateSessionRequest session,
    @Schema(type = "string", format = "binary") @Nullable String archive,
    @Nullable List<String> files) {}
