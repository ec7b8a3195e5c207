package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.StagedUpload;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import io.agentledger.gateway.support.json.Utf8Text;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestResources;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Receives the parts of a request for a new session and writes files to staging files. Only the
 * part with the session's specification is kept in memory.
 */
@Component
class MultipartUploadReceiver {
  /** Maximum number of files and archives of one request. */
  static final int PARTS_MAX = 1000;

  private static final String BROKEN =
      "is not a complete multipart body: name the boundary in Content-Type, begin each part with the"
          + " line --BOUNDARY and end the last one with --BOUNDARY--, as curl -F files=@FILE does";

  private static final int SESSION_BYTES_MAX = 1024 * 1024;

  private final MessageGateway messageGateway;
  private final WorkspaceProvisioner workspaces;

  MultipartUploadReceiver(MessageGateway messageGateway, WorkspaceProvisioner workspaces) {
    this.messageGateway = messageGateway;
    this.workspaces = workspaces;
  }

  /**
   * Received parts of an upload.
   *
   * @param sessionJson specification of the session, JSON
   * @param fingerprints of the received parts, in order
   */
  record Upload(String sessionJson, List<StagedUpload> stagedUploads, List<String> fingerprints) {}

  /**
   * Receives the parts of an upload.
   *
   * @param quota counts their bytes
   * @param resources of the request, with the session's directory
   */
  Mono<Upload> receive(
      Flux<PartEvent> events,
      SessionId session,
      UploadQuota.Upload quota,
      RequestResources resources) {
    var uploadParts = new UploadParts(session, quota, resources);
    return events
        .onErrorMap(MultipartUploadReceiver::toViolation)
        .windowUntil(PartEvent::isLast)
        .concatMap(
            window ->
                window.switchOnFirst(
                    (firstSignal, partEvents) -> {
                      var event = firstSignal.get();
                      return event == null
                          ? partEvents.then()
                          : uploadParts.receive(event, partEvents);
                    }))
        .then(Mono.fromSupplier(uploadParts::toUpload));
  }

  /** Maps a failure to read the body as parts, which Spring reports as a missing body. */
  private static Throwable toViolation(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof DataBufferLimitException)
        return InvalidRequestException.body("", "must have parts with headers of at most 10 KiB");
    return failure instanceof ServerWebInputException
        ? InvalidRequestException.body("", BROKEN)
        : failure;
  }

  /** One request. */
  private final class UploadParts {
    private final SessionId session;
    private final UploadQuota.Upload quota;
    private final RequestResources resources;
    private final List<StagedUpload> stagedUploads = new ArrayList<>();
    private final List<String> contentHashes = new ArrayList<>();
    private @Nullable String json;
    private @Nullable RuntimeException failure;

    UploadParts(SessionId session, UploadQuota.Upload quota, RequestResources resources) {
      this.session = session;
      this.quota = quota;
      this.resources = resources;
    }

    Mono<Void> receive(PartEvent event, Flux<PartEvent> partEvents) {
      if (failure != null) return discardContent(partEvents);
      try {
        return switch (partName(event)) {
          case "session" -> readSession(partEvents);
          case "archive" -> stage(partEvents, null);
          case "files" -> stage(partEvents, parsePath(event));
          default ->
              throw InvalidRequestException.body(
                  "/" + partName(event), "is not a known part: send session, archive or files");
        };
      } catch (RuntimeException exception) {
        failure = exception;
        return discardContent(partEvents);
      }
    }

    /**
     * Reads rejected content to its end, because the multipart reader does not support
     * cancellation.
     */
    private static Mono<Void> discardContent(Flux<PartEvent> partEvents) {
      return partEvents.doOnNext(event -> DataBufferUtils.release(event.content())).then();
    }

    private static String partName(PartEvent part) {
      var name = part.headers().getContentDisposition().getName();
      if (name == null) throw InvalidRequestException.body("", "must have parts with names");
      return name;
    }

    private FilePath parsePath(PartEvent event) {
      var name = event.headers().getContentDisposition().getFilename();
      if (name == null)
        throw InvalidRequestException.body(nextFilePointer(), "must have a filename: its path");
      try {
        return FilePath.of(name);
      } catch (IllegalArgumentException exception) {
        throw InvalidRequestException.body(
            nextFilePointer(), "its filename " + exception.getMessage());
      }
    }

    private String nextFilePointer() {
      return "/files/"
          + stagedUploads.stream().filter(stagedUpload -> stagedUpload.path() != null).count();
    }

    private Mono<Void> readSession(Flux<PartEvent> partEvents) {
      if (json != null) throw InvalidRequestException.body("/session", "must be sent only once");
      json = "{}";
      return readText(partEvents).doOnNext(text -> json = text).then();
    }

    private Mono<String> readText(Flux<PartEvent> partEvents) {
      return DataBufferUtils.join(partEvents.map(PartEvent::content), SESSION_BYTES_MAX)
          .map(
              buffer -> {
                try {
                  return Utf8Text.decode(Utf8Text.bytes(buffer));
                } finally {
                  DataBufferUtils.release(buffer);
                }
              });
    }

    private Mono<Void> stage(Flux<PartEvent> partEvents, @Nullable FilePath path) {
      if (stagedUploads.size() >= PARTS_MAX)
        throw InvalidRequestException.body(
            "/files", "must be at most " + PARTS_MAX + ", archives included");
      var hash = newSha256();
      var content =
          partEvents.map(PartEvent::content).filter(buffer -> writeAndDigest(buffer, hash));
      return messageGateway
          .onEventLoop(resources.run(() -> workspaces.createStagingFile(session)))
          .flatMap(stagedFile -> writeStaged(content, stagedFile, path))
          .doOnSuccess(ignored -> contentHashes.add(HexFormat.of().formatHex(hash.digest())));
    }

    private Mono<Void> writeStaged(
        Flux<DataBuffer> content, Path stagedFile, @Nullable FilePath path) {
      stagedUploads.add(new StagedUpload(stagedFile, path));
      return StagedFileWriter.write(content, stagedFile, buffer -> {});
    }

    private boolean writeAndDigest(DataBuffer buffer, MessageDigest hash) {
      try {
        quota.add(buffer.readableByteCount());
      } catch (RejectionException exception) {
        DataBufferUtils.release(buffer);
        failure = exception;
        return false;
      }
      try (var buffers = buffer.readableByteBuffers()) {
        buffers.forEachRemaining(hash::update);
      }
      return true;
    }

    Upload toUpload() {
      if (failure != null) throw failure;
      var names =
          stagedUploads.stream()
              .map(
                  stagedUpload -> stagedUpload.path() == null ? "" : stagedUpload.path().toString())
              .toList();
      var fingerprints = new ArrayList<>(names);
      fingerprints.addAll(contentHashes);
      return new Upload(json == null ? "{}" : json, List.copyOf(stagedUploads), fingerprints);
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
