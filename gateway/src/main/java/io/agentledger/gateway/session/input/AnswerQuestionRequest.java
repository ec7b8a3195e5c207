package io.agentledger.gateway.session.input;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.shared.Json;
import jakarta.validation.constraints.NotNull;

/** See {@link Input.Answer}. */
record AnswerQuestionRequest(
    @NotNull(message = SessionInputRequest.MUST_BE_GIVEN) ActionId actionId,
    @NotNull(message = SessionInputRequest.MUST_BE_GIVEN) Json answers) {
  Input toInput() {
    return new Input.Answer(actionId, answers);
  }
}
