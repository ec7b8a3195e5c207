package io.agentledger.gateway.session;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.CheckpointView;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionCommand.RewindFiles;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.ListCheckpoints;
import io.agentledger.api.shared.Page;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What became of a session's files, and the way back. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "files")
class CheckpointController {
  private final Bus bus;
  private final SessionDoor door;
  private final FileHistory history;
  private final Idempotencies idempotencies;

  CheckpointController(
      Bus bus, SessionDoor door, FileHistory history, Idempotencies idempotencies) {
    this.bus = bus;
    this.door = door;
    this.history = history;
    this.idempotencies = idempotencies;
  }

  /**
   * Where to go back to.
   *
   * @param dryRun only shows what would change
   */
  record Rewind(
      @NotNull(message = "must be given") CheckpointId checkpointId, @Nullable Boolean dryRun) {}

  /** What going back changed, or would change. */
  record Rewound(CheckpointId checkpointId, boolean dryRun, FileChanges changes) {}

  @GetMapping("/checkpoints")
  @Operation(operationId = "listCheckpoints", summary = "Kept states of the files, newest first")
  Mono<Page<CheckpointView>> list(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(visit, new ListCheckpoints(visit.tenant(), id, Limits.page(limit, cursor)));
  }

  @PostMapping(path = "/rewind", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "rewindFiles",
      summary = "Puts the files back to a checkpoint, or shows what that would change")
  Mono<Rewound> rewind(
      @PathVariable SessionId id,
      @Valid @RequestBody Rewind wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    boolean dry = Boolean.TRUE.equals(wish.dryRun());
    var path = SessionController.PATH + "/" + id + "/rewind";
    var idempotency = idempotencies.of(key, "POST " + path, wish);
    var judged = new RewindFiles(id, wish.checkpointId(), true, null);
    var shown =
        bus.send(visit, judged)
            .then(bus.back(Mono.fromCompletionStage(() -> history.back(id, wish.checkpointId()))))
            .map(changes -> new Rewound(wish.checkpointId(), dry, changes));
    if (dry) return shown;
    var real = new RewindFiles(id, wish.checkpointId(), false, idempotency);
    return shown.flatMap(
        changes ->
            bus.send(visit, real)
                .then(bus.back(Mono.fromCompletionStage(() -> history.settle(id))))
                .thenReturn(changes));
  }

  @GetMapping("/changes")
  @Operation(operationId = "compareCheckpoints", summary = "What leads from one to another")
  Mono<FileChanges> compare(
      @PathVariable SessionId id,
      @RequestParam CheckpointId from,
      @RequestParam CheckpointId to,
      Visit visit) {
    return seen(visit, id, () -> history.between(id, from, to));
  }

  @GetMapping("/runs/{runId}/changes")
  @Operation(operationId = "getRunChanges", summary = "What a run changed, by whichever tool")
  Mono<FileChanges> changes(@PathVariable SessionId id, @PathVariable RunId runId, Visit visit) {
    return seen(visit, id, () -> history.ofRun(id, runId));
  }

  /** Only by who may see the session. */
  private <T> Mono<T> seen(Visit visit, SessionId id, Supplier<CompletionStage<T>> what) {
    return door.find(visit, id).then(bus.back(Mono.fromCompletionStage(what)));
  }
}
