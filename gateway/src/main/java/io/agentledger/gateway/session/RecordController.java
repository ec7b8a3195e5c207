package io.agentledger.gateway.session;

import io.agentledger.api.session.MessageView;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionMetrics;
import io.agentledger.api.session.SessionQuery.FindRun;
import io.agentledger.api.session.SessionQuery.ListFacts;
import io.agentledger.api.session.SessionQuery.ListMessages;
import io.agentledger.api.session.SessionQuery.ListRuns;
import io.agentledger.api.session.SessionQuery.ListToolCalls;
import io.agentledger.api.session.SessionQuery.MeasureSession;
import io.agentledger.api.session.StreamItem;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.session.stream.Plan;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A session's record: live, and to read. */
@RestController
@RequestMapping(SessionController.PATH + "/{id}")
@Tag(name = "record")
class RecordController {
  private static final String LANE = "Of which lane alone: the agent's own, or a subagent's";

  private final Bus bus;
  private final SessionDoor door;
  private final Sse sse;

  RecordController(Bus bus, SessionDoor door, Sse sse) {
    this.bus = bus;
    this.door = door;
    this.sse = sse;
  }

  @GetMapping(path = "/events", params = "!format")
  @Operation(
      operationId = "followSession",
      summary = "The stream: facts behind a number, then what comes; from now without a number")
  @ApiResponse(
      responseCode = "200",
      description = "The stream; each event's data is one item",
      content = {
        @Content(
            mediaType = "text/event-stream",
            schema = @Schema(implementation = StreamItem.class)),
        @Content(
            mediaType = "application/json",
            schema = @Schema(ref = "#/components/schemas/StreamItemPage"))
      })
  @Parameter(
      name = "format",
      in = ParameterIn.QUERY,
      description = "json reads the facts page by page instead",
      schema = @Schema(allowableValues = "json"))
  Mono<Void> follow(
      @PathVariable SessionId id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @RequestParam(required = false) @Nullable Long after,
      Visit visit,
      ServerHttpResponse response) {
    var from = Limits.after(lastEventId, after);
    return door.find(visit, id)
        .map(view -> Plan.of(visit, view, from == null ? view.sequence() : from))
        .flatMap(plan -> sse.answer(response, plan));
  }

  @GetMapping(path = "/events", params = "format=json", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listFacts", summary = "The facts, page by page; next is the next after")
  Mono<Page<StreamItem>> facts(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Long after,
      @RequestParam(required = false) @Nullable Integer limit,
      Visit visit) {
    var from = Limits.after(null, after);
    int most = Limits.limit(limit);
    return bus.askAll(
            visit,
            new ListFacts(visit.tenant(), id, from == null ? 0 : from, most),
            StreamItem.class)
        .map(facts -> new Page<>(facts, facts.size() < most ? null : last(facts)));
  }

  private static String last(List<StreamItem> facts) {
    return String.valueOf(facts.getLast().sequence());
  }

  @GetMapping(path = "/messages", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listMessages", summary = "The transcript, oldest first")
  Mono<Page<MessageView>> messages(
      @PathVariable SessionId id,
      @Parameter(description = LANE) @RequestParam(name = "thread_id", required = false)
          @Nullable ThreadId threadId,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(
        visit, new ListMessages(visit.tenant(), id, threadId, Limits.page(limit, cursor)));
  }

  @GetMapping(path = "/tool-calls", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listToolCalls", summary = "Tool calls, oldest first")
  Mono<Page<ToolCallView>> toolCalls(
      @PathVariable SessionId id,
      @Parameter(description = LANE) @RequestParam(name = "thread_id", required = false)
          @Nullable ThreadId threadId,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(
        visit, new ListToolCalls(visit.tenant(), id, threadId, Limits.page(limit, cursor)));
  }

  @GetMapping(path = "/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "getSessionMetrics", summary = "Runs, tools, tokens and cost in numbers")
  Mono<SessionMetrics> metrics(@PathVariable SessionId id, Visit visit) {
    return bus.ask(visit, new MeasureSession(visit.tenant(), id), SessionMetrics.class);
  }

  @GetMapping(path = "/runs", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listRuns", summary = "Runs, newest first")
  Mono<Page<RunView>> runs(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(visit, new ListRuns(visit.tenant(), id, Limits.page(limit, cursor)));
  }

  @GetMapping(path = "/runs/{runId}", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "getRun", summary = "One run with its usage and cost")
  Mono<RunView> run(@PathVariable SessionId id, @PathVariable RunId runId, Visit visit) {
    return bus.ask(visit, new FindRun(visit.tenant(), id, runId), RunView.class);
  }
}
