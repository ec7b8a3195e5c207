package io.agentledger.gateway.session.workspace;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.ChangeFiles;
import io.agentledger.api.session.event.LifecycleEvent.FileAction;
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.session.query.SessionQuery.ListShares;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.api.workspace.WorkspaceFiles.ArchiveWriter;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import io.agentledger.api.workspace.WorkspaceFiles.Unpacked;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Operations on workspace files, shared by REST and RSocket. A change is recorded before it is
 * made; uploads are bounded by the sender's quota while they arrive.
 */
@Component
class FileService {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final long BYTES_PER_MIB = 1024L * 1024;

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final WorkspaceFiles files;
  private final FileHistory history;

  FileService(
      MessageGateway messageGateway,
      SessionService sessionService,
      WorkspaceFiles files,
      FileHistory history) {
    this.history = history;
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.files = files;
  }

  /** Directory, cursor and page size to list. */
  record ListParams(List<String> folder, @Nullable String cursor, int limit) {}

  Mono<Page<FileView>> list(RequestContext context, SessionId id, ListParams listParams) {
    return requireVisible(
        context,
        id,
        () -> files.list(id, listParams.folder(), listParams.cursor(), listParams.limit()));
  }

  Mono<OpenFile> open(RequestContext context, SessionId id, FilePath file) {
    return requireVisible(context, id, () -> files.open(id, file));
  }

  /** Lists a directory as a checkpoint contains it; without a position, as it is. */
  Mono<Page<FileView>> list(
      RequestContext context, SessionId id, ListParams params, @Nullable SessionPosition position) {
    if (position == null) return list(context, id, params);
    return sessionService
        .find(context, id, position)
        .flatMap(
            session ->
                onEventLoop(
                    () ->
                        history.list(
                            id,
                            session.sequence(),
                            params.folder(),
                            params.cursor(),
                            params.limit())));
  }

  /** Opens a file as a checkpoint contains it; without a position, as it is. */
  Mono<OpenFile> open(
      RequestContext context, SessionId id, FilePath file, @Nullable SessionPosition position) {
    if (position == null) return open(context, id, file);
    return sessionService
        .find(context, id, position)
        .flatMap(
            session ->
                onEventLoop(() -> files.createStagingFile(id))
                    .flatMap(
                        copy ->
                            onEventLoop(() -> history.open(id, session.sequence(), file, copy))
                                .onErrorResume(failure -> discardStaged(copy, failure))));
  }

  /** Reads a range of bytes: fewer if the agent has truncated the file meanwhile, never more. */
  static Flux<DataBuffer> readBytes(OpenFile file, long from, long length) {
    var buffers =
        DataBufferUtils.readByteChannel(
            () -> file.channel().position(from),
            DefaultDataBufferFactory.sharedInstance,
            BUFFER_BYTES);
    return DataBufferUtils.takeUntilByteCount(buffers, length)
        .subscribeOn(Schedulers.boundedElastic());
  }

  /** Writes a file atomically. */
  Mono<FileView> put(
      RequestContext context, SessionId id, FileTarget target, @Nullable Flux<DataBuffer> content) {
    return requireWritable(context, id)
        .then(findWorkspaceQuota(context))
        .flatMap(quotaMib -> stage(id, content == null ? Flux.empty() : content, quotaMib))
        .flatMap(
            stagedFile ->
                messageGateway
                    .send(context, new ChangeFiles(id, FileAction.PUT, target.file().toString()))
                    .then(
                        onEventLoop(
                            () -> files.put(id, stagedFile, target.file(), target.condition())))
                    .onErrorResume(failure -> discardStaged(stagedFile, failure)));
  }

  /**
   * A file to change.
   *
   * @param condition condition on the file that is there
   */
  record FileTarget(FilePath file, FileCondition condition) {}

  Mono<Void> delete(RequestContext context, SessionId id, FileTarget target) {
    return messageGateway
        .send(context, new ChangeFiles(id, FileAction.DELETED, target.file().toString()))
        .then(onEventLoop(() -> files.delete(id, target.file(), target.condition())));
  }

  /** Unpacks an archive into a directory. */
  Mono<UnpackArchiveResponse> unpack(
      RequestContext context,
      SessionId id,
      List<String> folder,
      @Nullable Flux<DataBuffer> archive) {
    return requireWritable(context, id)
        .then(findWorkspaceQuota(context))
        .flatMap(
            quotaMib ->
                stage(id, archive == null ? Flux.empty() : archive, quotaMib)
                    .flatMap(
                        stagedArchive ->
                            onEventLoop(() -> files.unpack(id, stagedArchive, quotaMib))))
        .flatMap(unpacked -> moveUnpacked(context, id, unpacked, folder));
  }

  private Mono<UnpackArchiveResponse> moveUnpacked(
      RequestContext context, SessionId id, Unpacked unpacked, List<String> folder) {
    return messageGateway
        .send(context, new ChangeFiles(id, FileAction.UNPACKED, String.join("/", folder)))
        .then(onEventLoop(() -> files.moveInto(id, unpacked.tree(), folder)))
        .onErrorResume(failure -> discardStaged(unpacked.tree(), failure))
        .thenReturn(new UnpackArchiveResponse(unpacked.files(), unpacked.bytes()));
  }

  private <T> Mono<T> discardStaged(Path stagedFile, Throwable failure) {
    return onEventLoop(() -> files.deleteStaged(stagedFile))
        .onErrorComplete()
        .then(Mono.error(failure));
  }

  private Mono<Path> stage(SessionId id, Flux<DataBuffer> body, long mibMax) {
    return onEventLoop(() -> files.createStagingFile(id))
        .flatMap(
            stagedFile ->
                DataBufferUtils.write(limitSize(body, mibMax), stagedFile)
                    .onErrorResume(failure -> discardStaged(stagedFile, failure))
                    .thenReturn(stagedFile));
  }

  private static Flux<DataBuffer> limitSize(Flux<DataBuffer> body, long mibMax) {
    var bytes = new AtomicLong();
    return body.doOnNext(
        buffer -> {
          if (bytes.addAndGet(buffer.readableByteCount()) <= mibMax * BYTES_PER_MIB) return;
          DataBufferUtils.release(buffer);
          throw new RejectionException(new StorageFull("workspace_mib", mibMax));
        });
  }

  /** Returns a writer of the workspace as a tar.gz, which is produced with backpressure. */
  Mono<ArchiveWriter> pack(RequestContext context, SessionId id) {
    return requireVisible(context, id, () -> files.archive(id));
  }

  /** Writes the archive on a virtual thread, because file access blocks. */
  static Flux<DataBuffer> archiveBytes(ArchiveWriter archiveWriter) {
    return Flux.from(
        DataBufferUtils.outputStreamPublisher(
            out -> {
              try {
                archiveWriter.writeTo(out);
              } catch (IOException exception) {
                throw new UncheckedIOException(exception);
              }
            },
            DefaultDataBufferFactory.sharedInstance,
            Thread::startVirtualThread,
            BUFFER_BYTES));
  }

  Mono<Long> findWorkspaceQuota(RequestContext context) {
    return messageGateway
        .query(context, new FindMyQuota(context.tenant()), UserQuotaView.class)
        .map(quota -> quota.limits().workspaceMib());
  }

  /** Rejects callers who may not change files before anything of their upload is stored. */
  private Mono<Void> requireWritable(RequestContext context, SessionId id) {
    MessageAuthorizer.checkScopes(ChangeFiles.class, context.metadata());
    return sessionService
        .find(context, id)
        .zipWhen(
            session ->
                messageGateway.queryList(
                    context, new ListShares(context.tenant(), id), ShareView.class))
        .filter(
            session -> accessRights(session.getT1(), session.getT2()).canWrite(context.caller()))
        .switchIfEmpty(Mono.error(() -> new RejectionException(new Forbidden())))
        .then();
  }

  private static SessionAcl accessRights(SessionView session, List<ShareView> shares) {
    var sessionAcl = SessionAcl.ownedBy(session.ownerId());
    for (var share : shares) sessionAcl = sessionAcl.with(share.audience(), share.access());
    return sessionAcl;
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
