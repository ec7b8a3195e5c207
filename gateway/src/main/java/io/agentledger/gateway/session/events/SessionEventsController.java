package io.agentledger.gateway.session.events;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FindSessionMetrics;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListRuns;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.session.PositionParams;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.stream.SseResponseWriter;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
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

/** Events of a session: streamed and in pages, and the transcript, tool calls and runs. */
@RestController
@RequestMapping(SessionController.PATH + "/{id}")
@Tag(name = "events")
class SessionEventsController {
  private static final String THREAD_PARAM =
      "Only entries of this thread: the agent's or a subagent's";

  private final MessageGateway messageGateway;
  private final SseResponseWriter sse;

  SessionEventsController(MessageGateway messageGateway, SseResponseWriter sse) {
    this.messageGateway = messageGateway;
    this.sse = sse;
  }

  /** Formats of events in addition to the stream, which is the default. */
  enum EventsFormat {
    JSON
  }

  @GetMapping("/events")
  @Operation(
      operationId = "streamSessionEvents",
      summary = "Stream events after a sequence number, then live ones; without it, live ones only",
      description =
          "With format=json it is the operation listSessionEvents instead: it returns a page of "
              + "events, whose next_cursor is the cursor of the next page.")
  @ApiResponse(
      responseCode = "200",
      description =
          "Stream of items; the data of each event is one item. With format=json a page of items",
      content = {
        @Content(
            mediaType = "text/event-stream",
            schema = @Schema(implementation = StreamItem.class)),
        @Content(
            mediaType = "application/json",
            schema = @Schema(ref = "#/components/schemas/StreamItemPage"))
      })
  Mono<Void> streamEvents(
      @PathVariable SessionId id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @Parameter(description = "json returns a page of events instead of a stream")
          @RequestParam(required = false)
          @Nullable EventsFormat format,
      @RequestParam(required = false) @Nullable Long after,
      @Parameter(
              description = "Page size; for format=json only",
              schema = @Schema(type = "integer", format = "int32"))
          @RequestParam(required = false)
          @Nullable String limit,
      @Parameter(
              description =
                  "Value of next_cursor on the previous page, with the meaning of after and "
                      + "not combined with it; for format=json only")
          @RequestParam(required = false)
          @Nullable String cursor,
      RequestContext context,
      ServerHttpResponse response) {
    requireAbsent(Pagination.LIMIT, limit);
    requireAbsent(Pagination.CURSOR, cursor);
    var from = Pagination.parseResumePosition(lastEventId, after);
    return sse.write(response, StreamRequest.resume(context, id, from));
  }

  private static void requireAbsent(String parameter, @Nullable String value) {
    if (value != null)
      throw InvalidRequestException.parameter(
          parameter, "is for pages only: send format=json, too");
  }

  @GetMapping(path = "/events", params = "format=json", produces = MediaType.APPLICATION_JSON_VALUE)
  @Hidden // OpenAPI has one operation for a path and method: streamSessionEvents describes both.
  Mono<Page<StreamItem>> listEvents(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Long after,
      PageRequest page,
      RequestContext context) {
    var from = Pagination.parsePagePosition(after, page.cursor());
    return messageGateway
        .queryList(
            context,
            new ListSessionEvents(context.tenant(), id, from == null ? 0 : from, page.limit()),
            StreamItem.class)
        .map(items -> new Page<>(items, items.size() < page.limit() ? null : lastSequence(items)));
  }

  private static String lastSequence(List<StreamItem> items) {
    return String.valueOf(items.getLast().sequence());
  }

  @GetMapping(path = "/messages", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listMessages",
      summary = "List messages, oldest first, as they are or as they were")
  Mono<Page<MessageView>> listMessages(
      @PathVariable SessionId id,
      @Parameter(description = THREAD_PARAM) @RequestParam(name = "thread_id", required = false)
          @Nullable ThreadId threadId,
      @RequestParam(required = false) @Nullable Long at,
      @RequestParam(name = "as_of", required = false) @Nullable Instant asOf,
      PageRequest page,
      RequestContext context) {
    var position = new PositionParams(at, asOf).toPosition();
    return messageGateway.queryPage(
        context, new ListMessages(context.tenant(), id, threadId, position, page));
  }

  @GetMapping(path = "/tool-calls", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listToolCalls",
      summary = "List tool calls, oldest first, as they are or as they were")
  Mono<Page<ToolCallView>> listToolCalls(
      @PathVariable SessionId id,
      @Parameter(description = THREAD_PARAM) @RequestParam(name = "thread_id", required = false)
          @Nullable ThreadId threadId,
      @RequestParam(required = false) @Nullable Long at,
      @RequestParam(name = "as_of", required = false) @Nullable Instant asOf,
      PageRequest page,
      RequestContext context) {
    var position = new PositionParams(at, asOf).toPosition();
    return messageGateway.queryPage(
        context, new ListToolCalls(context.tenant(), id, threadId, position, page));
  }

  @GetMapping(path = "/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getSessionMetrics",
      summary = "Get numbers of runs and tools, token usage and costs")
  Mono<SessionMetricsView> getMetrics(@PathVariable SessionId id, RequestContext context) {
    return messageGateway.query(
        context, new FindSessionMetrics(context.tenant(), id), SessionMetricsView.class);
  }

  @GetMapping(path = "/runs", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listRuns", summary = "List runs, newest first")
  Mono<Page<RunView>> listRuns(
      @PathVariable SessionId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListRuns(context.tenant(), id, page));
  }

  @GetMapping(path = "/runs/{run_id}", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "getRun", summary = "Get a run with its usage and costs")
  Mono<RunView> getRun(
      @PathVariable SessionId id, @PathVariable("run_id") RunId runId, RequestContext context) {
    return messageGateway.query(context, new FindRun(context.tenant(), id, runId), RunView.class);
  }
}
