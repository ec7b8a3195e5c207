package io.agentledger.gateway.session.input;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import java.util.Collections;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Change of the permission mode, the model or both; at least one is required. */
record UpdateRunControlsRequest(
    @Nullable PermissionMode permissionMode,
    @Nullable @Size(min = 1, max = 500, message = "must be 1 to 500 characters") @SafeText
        String model) {
  InputBatch toBatch() {
    if (permissionMode == null && model == null)
      throw InvalidRequestException.body("", "must have permission_mode, model or both");
    var requests =
        Stream.<SessionInputRequest>concat(
                Stream.ofNullable(permissionMode).map(SessionInputRequest.SetPermissionMode::new),
                Stream.ofNullable(model).map(SessionInputRequest.SetModel::new))
            .toList();
    return new InputBatch(this, requests, Collections.nCopies(requests.size(), ""));
  }
}
