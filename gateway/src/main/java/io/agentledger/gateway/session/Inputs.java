package io.agentledger.gateway.session;

import io.agentledger.api.session.Input;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** A batch of inputs, atomic and in order. */
record Inputs(
    @NotNull(message = "must be given") @Size(min = 1, max = 32, message = "must be 1 to 32 inputs")
        List<@NotNull(message = "must be an object") @Valid InputBody> inputs) {
  List<Input> toInputs() {
    return inputs.stream().map(InputBody::toInput).toList();
  }
}
