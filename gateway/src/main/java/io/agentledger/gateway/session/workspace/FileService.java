package io.agentledger.gateway.session.workspace;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.UserLimits;
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
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
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
import io.agentledger.gateway.support.web.RequestResources;
import io.agentledger.gateway.support.web.StreamLimiter;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Operations on workspace files, shared by REST and RSocket. A change is recorded before it is
 * made; uploads are bounded by the sender's quota while they arrive.
 */
@Component
class FileService {
  /** Some of these wait in memory for the client of a download. */
  private static final int BUFFER_BYTES = 8 * 1024;

  /** Maximum number of downloads of files of a user at a time on a node. */
  private static final int FILE_DOWNLOADS_MAX = 32;

  /** The same of archives; fewer than those of a session and of a tenant, which then wait. */
  private static final int ARCHIVE_DOWNLOADS_MAX = 6;

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final WorkspaceFiles files;
  private final FileHistory history;
  private final UploadQuota uploadQuota;
  private final StreamLimiter streamLimiter;

  FileService(
      MessageGateway messageGateway,
      SessionService sessionService,
      WorkspaceFiles files,
      FileHistory history,
      UploadQuota uploadQuota,
      StreamLimiter streamLimiter) {
    this.streamLimiter = streamLimiter;
    this.history = history;
    this.uploadQuota = uploadQuota;
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

  /** Opens a file, which is closed when the request ends. */
  Mono<OpenFile> open(
      RequestContext context, SessionId id, FilePath file, RequestResources resources) {
    return countFile(context, resources)
        .then(sessionService.find(context, id))
        .then(
            messageGateway.onEventLoop(
                resources.open(() -> files.open(id, file), FileService::close)));
  }

  private Mono<Void> countFile(RequestContext context, RequestResources resources) {
    var user = context.caller().user();
    return streamLimiter.count(resources, "file_downloads", user, FILE_DOWNLOADS_MAX);
  }

  private static void close(OpenFile file) {
    try {
      file.channel().close();
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
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
      RequestContext context, SessionId id, FileVersion version, RequestResources resources) {
    var position = version.position();
    if (position == null) return open(context, id, version.file(), resources);
    return countFile(context, resources)
        .then(sessionService.find(context, id, position))
        .flatMap(session -> openPast(id, session.sequence(), version.file(), resources));
  }

  /**
   * A file at a position of its session.
   *
   * @param position null for the present
   */
  record FileVersion(FilePath file, @Nullable SessionPosition position) {}

  /** Opens a copy, which has no name when this returns. */
  private Mono<OpenFile> openPast(
      SessionId id, long sequence, FilePath file, RequestResources resources) {
    return messageGateway.onEventLoop(
        RequestResources.using(
            staging ->
                staging
                    .acquire(
                        () -> files.createStagingFile(id), staged -> files.deleteStaged(id, staged))
                    .flatMap(
                        copy ->
                            staging.run(
                                resources.open(
                                    () -> history.open(id, sequence, file, copy),
                                    FileService::close)))));
  }

  /** Reads a range of bytes; fails if the agent has truncated the file meanwhile. */
  static Flux<DataBuffer> readBytes(OpenFile file, long from, long length) {
    var buffers =
        DataBufferUtils.readByteChannel(
            () -> file.channel().position(from),
            DefaultDataBufferFactory.sharedInstance,
            BUFFER_BYTES);
    var range = DataBufferUtils.takeUntilByteCount(buffers, length);
    return Flux.defer(() -> requireLength(range, length)).subscribeOn(Schedulers.boundedElastic());
  }

  private static Flux<DataBuffer> requireLength(Flux<DataBuffer> buffers, long length) {
    var missing = new AtomicLong(length);
    return buffers
        .doOnNext(buffer -> missing.addAndGet(-buffer.readableByteCount()))
        .concatWith(
            Mono.defer(
                () ->
                    missing.get() <= 0
                        ? Mono.empty()
                        : Mono.error(new EOFException("the file was truncated meanwhile"))));
  }

  /** Writes a file atomically. */
  Mono<FileView> put(
      RequestContext context, SessionId id, FileTarget target, @Nullable Flux<DataBuffer> content) {
    return upload(
        context,
        id,
        (upload, resources) ->
            stage(id, content, upload, resources)
                .flatMap(
                    stagedFile ->
                        resources.run(
                            messageGateway
                                .send(
                                    context,
                                    new ChangeFiles(id, FileAction.PUT, target.file().toString()))
                                .then(
                                    Mono.fromCompletionStage(
                                        () ->
                                            files.put(
                                                id,
                                                stagedFile,
                                                target.file(),
                                                target.condition()))))));
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
    return upload(
        context,
        id,
        (upload, resources) ->
            stage(id, archive, upload, resources)
                .flatMap(
                    stagedArchive ->
                        resources.acquire(
                            () -> files.unpack(id, stagedArchive, upload.mibMax()),
                            unpacked -> files.deleteStaged(id, unpacked.tree())))
                .doOnNext(unpacked -> upload.replaceBy(unpacked.diskBytes()))
                .flatMap(
                    unpacked ->
                        resources
                            .run(moveUnpacked(context, id, unpacked, folder))
                            .thenReturn(
                                new UnpackArchiveResponse(unpacked.files(), unpacked.bytes()))));
  }

  private Mono<Void> moveUnpacked(
      RequestContext context, SessionId id, Unpacked unpacked, List<String> folder) {
    return messageGateway
        .send(context, new ChangeFiles(id, FileAction.UNPACKED, String.join("/", folder)))
        .then(Mono.fromCompletionStage(() -> files.moveInto(id, unpacked.tree(), folder)));
  }

  /** Receives an upload of a caller who may change the files, and releases what it has staged. */
  private <T> Mono<T> upload(
      RequestContext context,
      SessionId id,
      BiFunction<UploadQuota.Upload, RequestResources, Mono<T>> receiver) {
    return requireWritable(context, id)
        .then(findLimits(context))
        .flatMap(
            limits ->
                messageGateway.onEventLoop(
                    RequestResources.using(
                        resources ->
                            resources
                                .open(
                                    () ->
                                        CompletableFuture.completedFuture(
                                            uploadQuota.begin(context, limits)),
                                    UploadQuota.Upload::close)
                                .flatMap(upload -> receiver.apply(upload, resources)))));
  }

  private Mono<Path> stage(
      SessionId id,
      @Nullable Flux<DataBuffer> body,
      UploadQuota.Upload upload,
      RequestResources resources) {
    return messageGateway
        .onEventLoop(
            resources.acquire(
                () -> files.createStagingFile(id), staged -> files.deleteStaged(id, staged)))
        .flatMap(
            stagedFile ->
                StagedFileWriter.write(
                        body == null ? Flux.empty() : body,
                        stagedFile,
                        buffer -> upload.add(buffer.readableByteCount()))
                    .onErrorMap(NoSuchFileException.class, deleted -> notFound(id))
                    .thenReturn(stagedFile));
  }

  /** Returns the rejection of an upload whose session was deleted with its staging file. */
  private static RejectionException notFound(SessionId id) {
    return new RejectionException(new NotFound("session", id.value()));
  }

  /**
   * Returns the workspace as a tar.gz, which is produced with backpressure, and only until the end
   * of the request: not every abort of a response cancels its body.
   */
  Mono<Flux<DataBuffer>> pack(RequestContext context, SessionId id, RequestResources resources) {
    var user = context.caller().user();
    var end = Sinks.<Void>empty();
    resources.onRelease(() -> CompletableFuture.runAsync(end::tryEmitEmpty, Runnable::run));
    return streamLimiter
        .count(resources, "archive_downloads", user, ARCHIVE_DOWNLOADS_MAX)
        .then(requireVisible(context, id, () -> files.archive(id)))
        .map(writer -> archiveBytes(writer).takeUntilOther(end.asMono()));
  }

  /** Writes the archive on its executor; one that is cancelled before it begins is not written. */
  static Flux<DataBuffer> archiveBytes(ArchiveWriter archiveWriter) {
    return Flux.using(
        AtomicReference<@Nullable Future<?>>::new,
        operation ->
            DataBufferUtils.outputStreamPublisher(
                out -> write(archiveWriter, out),
                DefaultDataBufferFactory.sharedInstance,
                writing -> {
                  var task = new FutureTask<@Nullable Void>(writing, null);
                  operation.set(task);
                  archiveWriter.executor().execute(task);
                },
                BUFFER_BYTES),
        operation -> {
          var task = operation.get();
          if (task != null) task.cancel(false);
        });
  }

  private static void write(ArchiveWriter archiveWriter, OutputStream out) {
    try {
      archiveWriter.writeTo(out);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  Mono<UserLimits> findLimits(RequestContext context) {
    return messageGateway
        .query(context, new FindMyQuota(context.tenant()), UserQuotaView.class)
        .map(UserQuotaView::limits);
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
