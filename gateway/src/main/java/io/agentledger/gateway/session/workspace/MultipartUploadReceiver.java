package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.StagedUpload;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes what is sent along with a new session, part by part, to places beside its workspace.
 * Nothing is kept in memory but what says what session it shall be.
 */
@Component
class MultipartUploadReceiver {
  /** How many files and archives one request may bring. */
  static final int PARTS_MAX = 1000;

  private static final int SESSION_BYTES_MAX = 1024 * 1024;
  private static final long BYTES_PER_MIB = 1024L * 1024;

  private final MessageGateway messageGateway;
  private final WorkspaceProvisioner workspaces;

  MultipartUploadReceiver(MessageGateway messageGateway, WorkspaceProvisioner workspaces) {
    this.messageGateway = messageGateway;
    this.workspaces = workspaces;
  }

  /**
   * What came.
   *
   * @param session what session it shall be, JSON
   * @param hashes of what was sent, in order
   */
  record Upload(String session, List<StagedUpload> sent, List<String> hashes) {}

  Mono<Upload> receive(Flux<PartEvent> events, SessionId session, long mibMax) {
    var receiving = new Receiving(session, mibMax);
    return events
        .windowUntil(PartEvent::isLast)
        .concatMap(
            part ->
                part.switchOnFirst(
                    (first, all) -> {
                      var event = first.get();
                      return event == null ? all.then() : receiving.receive(event, all);
                    }))
        .then(Mono.fromSupplier(receiving::upload));
  }

  /** One request. */
  private final class Receiving {
    private final SessionId session;
    private final long mibMax;
    private final List<StagedUpload> stagedUploads = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private String json = "{}";
    private long bytes;
    private @Nullable RuntimeException failure;

    Receiving(SessionId session, long mibMax) {
      this.session = session;
      this.mibMax = mibMax;
    }

    Mono<Void> receive(PartEvent first, Flux<PartEvent> all) {
      if (failure != null) return drained(all);
      try {
        return switch (name(first)) {
          case "session" -> text(all).doOnNext(text -> json = text).then();
          case "archive" -> staged(all, null);
          case "files" -> staged(all, path(first));
          default -> throw InvalidRequestException.body("/" + name(first), "is not a known field");
        };
      } catch (RuntimeException refused) {
        failure = refused;
        return drained(all);
      }
    }

    /** What is refused is read to its end: its reader does not take it well when it is left. */
    private static Mono<Void> drained(Flux<PartEvent> all) {
      return all.doOnNext(event -> DataBufferUtils.release(event.content())).then();
    }

    private static String name(PartEvent part) {
      var name = part.headers().getContentDisposition().getName();
      if (name == null) throw InvalidRequestException.body("", "must have parts with names");
      return name;
    }

    private FilePath path(PartEvent file) {
      var name = file.headers().getContentDisposition().getFilename();
      if (name == null)
        throw InvalidRequestException.body(place(), "must have a filename: its path");
      try {
        return FilePath.of(name);
      } catch (IllegalArgumentException rule) {
        throw InvalidRequestException.body(place(), "its filename " + rule.getMessage());
      }
    }

    private String place() {
      return "/files/"
          + stagedUploads.stream().filter(stagedUpload -> stagedUpload.path() != null).count();
    }

    private Mono<String> text(Flux<PartEvent> all) {
      return DataBufferUtils.join(all.map(PartEvent::content), SESSION_BYTES_MAX)
          .map(
              buffer -> {
                var text = buffer.toString(StandardCharsets.UTF_8);
                DataBufferUtils.release(buffer);
                return text;
              });
    }

    private Mono<Void> staged(Flux<PartEvent> all, @Nullable FilePath path) {
      if (stagedUploads.size() >= PARTS_MAX)
        throw InvalidRequestException.body(
            "/files", "must be at most " + PARTS_MAX + ", archives included");
      var hash = sha256();
      var content = all.map(PartEvent::content).filter(part -> writeAndDigest(part, hash));
      return messageGateway
          .onEventLoop(Mono.fromCompletionStage(() -> workspaces.stage(session)))
          .flatMap(place -> written(content, place, path))
          .doOnSuccess(done -> hashes.add(HexFormat.of().formatHex(hash.digest())));
    }

    private Mono<Void> written(Flux<DataBuffer> content, Path place, @Nullable FilePath path) {
      stagedUploads.add(new StagedUpload(place, path));
      return DataBufferUtils.write(content, place);
    }

    private boolean writeAndDigest(DataBuffer part, MessageDigest hash) {
      bytes += part.readableByteCount();
      if (bytes > mibMax * BYTES_PER_MIB) {
        DataBufferUtils.release(part);
        failure = new RejectionException(new StorageFull("workspace_mib", mibMax));
        return false;
      }
      try (var pieces = part.readableByteBuffers()) {
        pieces.forEachRemaining(hash::update);
      }
      return true;
    }

    Upload upload() {
      if (failure != null) throw failure;
      var names =
          stagedUploads.stream()
              .map(
                  stagedUpload -> stagedUpload.path() == null ? "" : stagedUpload.path().toString())
              .toList();
      var said = new ArrayList<>(names);
      said.addAll(hashes);
      return new Upload(json, List.copyOf(stagedUploads), said);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
