package io.agentledger.gateway.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Input;
import io.agentledger.api.shared.Json;
import jakarta.validation.constraints.NotNull;

/** See {@link Input.Answer}. */
record AnswerBody(
    @NotNull(message = InputBody.NEEDED) ActionId actionId,
    @NotNull(message = InputBody.NEEDED) Json answers) {
  Input toInput() {
    return new Input.Answer(actionId, answers);
  }
}
