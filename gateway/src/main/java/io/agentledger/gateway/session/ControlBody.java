package io.agentledger.gateway.session;

import io.agentledger.api.session.Input;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Plain;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What changes in a session as it runs; at least one of them. */
record ControlBody(
    @Nullable PermissionMode permissionMode,
    @Nullable @Size(min = 1, max = 500, message = "must be 1 to 500 characters") @Plain
        String model) {
  List<Input> toInputs() {
    if (permissionMode == null && model == null)
      throw Invalid.body("", "must have permission_mode, model or both");
    return Stream.<Input>concat(
            Stream.ofNullable(permissionMode).map(Input.SetPermissionMode::new),
            Stream.ofNullable(model).map(Input.SetModel::new))
        .toList();
  }
}
