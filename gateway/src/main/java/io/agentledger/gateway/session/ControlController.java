package io.agentledger.gateway.session;

import io.agentledger.api.session.Receipt;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Inputs that have a route of their own, for clients that say one thing at a time. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    consumes = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class ControlController {
  private final SessionDoor door;
  private final Idempotencies idempotencies;

  ControlController(SessionDoor door, Idempotencies idempotencies) {
    this.door = door;
    this.idempotencies = idempotencies;
  }

  @PostMapping("/answer")
  @Operation(operationId = "answerQuestion", summary = "Answers what the agent asked its user")
  Mono<Receipt> answer(
      @PathVariable SessionId id,
      @Valid @RequestBody AnswerBody body,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var idempotency = idempotencies.of(key, path(id, "answer"), body);
    return door.submit(visit, id, List.of(body.toInput()), idempotency);
  }

  @PostMapping("/control")
  @Operation(
      operationId = "controlSession",
      summary = "Sets the permission mode, the model or both")
  Mono<Receipt> control(
      @PathVariable SessionId id,
      @Valid @RequestBody ControlBody body,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var idempotency = idempotencies.of(key, path(id, "control"), body);
    return door.submit(visit, id, body.toInputs(), idempotency);
  }

  private static String path(SessionId id, String what) {
    return "POST " + SessionController.PATH + "/" + id + "/" + what;
  }
}
