package io.agentledger.gateway.session.input;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for single inputs of a session. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    consumes = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class SessionInputController {
  private final SessionService sessionService;

  SessionInputController(SessionService sessionService) {
    this.sessionService = sessionService;
  }

  @PostMapping("/answer")
  @Operation(operationId = "answerQuestion", summary = "Answer a question that the agent asked")
  Mono<SubmitResult> answerQuestion(
      @PathVariable SessionId id,
      @Valid @RequestBody AnswerQuestionRequest answerQuestionRequest,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(answerQuestionRequest);
    return sessionService.submit(
        context, id, List.of(answerQuestionRequest.toInput()), idempotency);
  }

  @PostMapping("/control")
  @Operation(operationId = "controlSession", summary = "Set the permission mode, the model or both")
  Mono<SubmitResult> updateRunControls(
      @PathVariable SessionId id,
      @RequestBody UpdateRunControlsRequest updateRunControlsRequest,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(updateRunControlsRequest);
    return sessionService.submitInputs(
        context, id, updateRunControlsRequest.toBatch(), idempotency);
  }
}
