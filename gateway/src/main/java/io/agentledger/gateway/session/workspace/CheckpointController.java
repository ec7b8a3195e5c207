package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.RewindFiles;
import io.agentledger.api.session.query.CheckpointView;
import io.agentledger.api.session.query.SessionQuery.ListCheckpoints;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.workspace.SessionComparisonService.ComparisonParams;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for checkpoints, comparisons and rewinds. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "files")
class CheckpointController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final FileHistory history;
  private final SessionComparisonService comparisons;

  CheckpointController(
      MessageGateway messageGateway,
      SessionService sessionService,
      FileHistory history,
      SessionComparisonService comparisons) {
    this.comparisons = comparisons;
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.history = history;
  }

  @GetMapping("/checkpoints")
  @Operation(
      operationId = "listCheckpoints",
      summary = "List checkpoints of the files, newest first")
  Mono<Page<CheckpointView>> list(
      @PathVariable SessionId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListCheckpoints(context.tenant(), id, page));
  }

  @PostMapping(path = "/rewind", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "rewindFiles",
      summary = "Restore the files of a checkpoint, or preview the changes")
  Mono<RewindFilesResponse> rewind(
      @PathVariable SessionId id,
      @Valid @RequestBody RewindFilesRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    var checkpoint = request.checkpointId();
    var permitted =
        sessionService
            .find(context, id) // The response contains parts of files.
            .then(messageGateway.send(context, new RewindFiles(id, checkpoint, true, null, null)));
    return Boolean.TRUE.equals(request.dryRun())
        ? permitted
            .then(onEventLoop(() -> history.previewRewind(id, checkpoint)))
            .map(changes -> new RewindFilesResponse(checkpoint, true, null, changes))
        : permitted
            .then(
                onEventLoop(
                    () ->
                        history.rewind(
                            id,
                            checkpoint,
                            undo ->
                                messageGateway
                                    .<CheckpointId>send(
                                        context,
                                        new RewindFiles(id, checkpoint, false, undo, idempotency))
                                    .toFuture())))
            .map(
                rewind ->
                    new RewindFilesResponse(checkpoint, false, rewind.undo(), rewind.changes()));
  }

  @GetMapping("/changes")
  @Operation(
      operationId = "compareCheckpoints",
      summary = "Compare two checkpoints, or a checkpoint with the files as they are")
  Mono<FileChanges> compareCheckpoints(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable CheckpointId from,
      @RequestParam(required = false) @Nullable CheckpointId to,
      RequestContext context) {
    return requireVisible(context, id, () -> history.diff(id, from, to));
  }

  @GetMapping("/runs/{run_id}/changes")
  @Operation(operationId = "getRunChanges", summary = "Get the file changes of a run")
  Mono<FileChanges> getRunChanges(
      @PathVariable SessionId id, @PathVariable("run_id") RunId runId, RequestContext context) {
    return requireVisible(context, id, () -> history.diffOfRun(id, runId));
  }

  @GetMapping("/comparison")
  @Operation(
      operationId = "compareSession",
      summary = "Compare the session at two positions: values, events, files")
  Mono<SessionComparisonResponse> compareSession(
      @PathVariable SessionId id,
      @RequestParam long from,
      @RequestParam(required = false) @Nullable Long to,
      RequestContext context) {
    return comparisons.compare(context, id, new ComparisonParams(from, to));
  }

  /** Runs an operation if the caller may see the session. */
  private <T> Mono<T> requireVisible(
      RequestContext context, SessionId id, Supplier<CompletionStage<T>> operation) {
    return sessionService.find(context, id).then(onEventLoop(operation));
  }

  private <T> Mono<T> onEventLoop(Supplier<CompletionStage<T>> operation) {
    return messageGateway.onEventLoop(Mono.fromCompletionStage(operation));
  }
}
