package io.agentledger.gateway.session;

import io.agentledger.api.session.CapabilitiesView;
import io.agentledger.api.session.ContextView;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What a session has by now: what is known is read, and what may have changed is asked anew. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "asides")
class KnownController {
  private final AsideDoor asides;
  private final Idempotencies idempotencies;

  KnownController(AsideDoor asides, Idempotencies idempotencies) {
    this.asides = asides;
    this.idempotencies = idempotencies;
  }

  @GetMapping("/capabilities")
  @Operation(
      operationId = "getCapabilities",
      summary = "Commands, agents, models and output styles, as a process said last")
  Mono<CapabilitiesView> capabilities(@PathVariable SessionId id, Visit visit) {
    return asides.capabilities(visit, id);
  }

  @PostMapping("/capabilities")
  @Operation(
      operationId = "lookAtCapabilities",
      summary = "The same, asked of the session's process now; one is started where there is none")
  Mono<CapabilitiesView> look(
      @PathVariable SessionId id,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    return asides.look(visit, id, idempotencies.of(key, at(id, "capabilities")));
  }

  @GetMapping("/context")
  @Operation(
      operationId = "getContext",
      summary = "What filled the context window when it was measured last")
  Mono<ContextView> context(@PathVariable SessionId id, Visit visit) {
    return asides.context(visit, id);
  }

  @PostMapping("/context")
  @Operation(operationId = "measureContext", summary = "What fills the context window now")
  Mono<ContextView> measure(
      @PathVariable SessionId id,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    return asides.measure(visit, id, idempotencies.of(key, at(id, "context")));
  }

  private static String at(SessionId id, String what) {
    return "POST " + SessionController.PATH + "/" + id + "/" + what;
  }
}
