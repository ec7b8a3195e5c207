package io.agentledger.gateway.session.input;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.command.Input;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Change of the permission mode, the model or both; at least one is required. */
record UpdateRunControlsRequest(
    @Nullable PermissionMode permissionMode,
    @Nullable @Size(min = 1, max = 500, message = "must be 1 to 500 characters") @SafeText
        String model) {
  List<Input> toInputs() {
    if (permissionMode == null && model == null)
      throw InvalidRequestException.body("", "must have permission_mode, model or both");
    return Stream.<Input>concat(
            Stream.ofNullable(permissionMode).map(Input.SetPermissionMode::new),
            Stream.ofNullable(model).map(Input.SetModel::new))
        .toList();
  }
}
