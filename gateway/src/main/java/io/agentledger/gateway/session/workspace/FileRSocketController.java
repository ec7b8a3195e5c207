package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import io.agentledger.gateway.session.PositionParams;
import io.agentledger.gateway.session.workspace.FileService.FileTarget;
import io.agentledger.gateway.session.workspace.FileService.FileVersion;
import io.agentledger.gateway.support.json.Utf8Text;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResources;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * RSocket routes for workspace files. File content is sent as raw bytes with backpressure. An
 * upload is a channel: the first payload is an object with the target, the others are the bytes.
 */
@Controller
class FileRSocketController {
  private final FileService files;
  private final WireJson json;

  FileRSocketController(FileService files, WireJson json) {
    this.files = files;
    this.json = json;
  }

  /**
   * Directory, page and position to list; null is the workspace, the first page and the present.
   *
   * @param at sequence number of the last event
   * @param asOf time of the last event at the latest
   */
  record ListParams(
      @Nullable String folder,
      @Nullable Integer limit,
      @Nullable String cursor,
      @Nullable Long at,
      @Nullable Instant asOf) {}

  /**
   * File, range and position to read; null is from the first byte, to the last and the present.
   *
   * @param at sequence number of the last event
   * @param asOf time of the last event at the latest
   */
  record ReadParams(
      @Nullable String path,
      @Nullable Long offset,
      @Nullable Long length,
      @Nullable Long at,
      @Nullable Instant asOf) {}

  /** File to change, with the ETag that it must have. */
  record FileParams(@Nullable String path, @Nullable String etag) {}

  /** Directory to unpack an archive into; null is the workspace. */
  record UnpackParams(@Nullable String folder) {}

  /** Path of a deleted file. */
  record DeletedResponse(String path) {}

  @MessageMapping("sessions.{id}.files.list")
  Mono<byte[]> list(@DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var listParams =
        new FileService.ListParams(
            parseFolder(params.folder()), params.cursor(), Pagination.requireLimit(params.limit()));
    var position = new PositionParams(params.at(), params.asOf()).toPosition();
    return files.list(context, id, listParams, position).map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.files.read")
  Flux<DataBuffer> read(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var params = body.read(ReadParams.class);
    var file = parsePath(params.path(), "/path");
    long from = requireNotNegative(params.offset(), 0, "/offset");
    long length = requireNotNegative(params.length(), Long.MAX_VALUE, "/length");
    var version =
        new FileVersion(file, new PositionParams(params.at(), params.asOf()).toPosition());
    return RequestResources.usingMany(
        resources ->
            files
                .open(context, id, version, resources)
                .flatMapMany(openFile -> readRange(openFile, from, length)));
  }

  private static Flux<DataBuffer> readRange(OpenFile file, long from, long length) {
    long size = file.view().sizeBytes();
    long begin = Math.min(from, size);
    return FileService.readBytes(file, begin, Math.min(length, size - begin));
  }

  @MessageMapping("sessions.{id}.files.delete")
  Mono<byte[]> delete(@DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var params = body.read(FileParams.class);
    var file = parsePath(params.path(), "/path");
    return files
        .delete(context, id, new FileTarget(file, FileCondition.ofEtag(params.etag())))
        .then(Mono.fromSupplier(() -> json.toBytes(new DeletedResponse(file.toString()))));
  }

  @MessageMapping("sessions.{id}.files.archive")
  Flux<DataBuffer> download(@DestinationVariable SessionId id, RequestContext context) {
    return RequestResources.usingMany(
        resources -> files.pack(context, id, resources).flatMapMany(archive -> archive));
  }

  @MessageMapping("sessions.{id}.files.write")
  Flux<DataBuffer> write(
      @DestinationVariable SessionId id, Flux<byte[]> data, RequestContext context) {
    return receiveUpload(
        toBuffers(data), params -> fileReceiver(context, id, json.read(params, FileParams.class)));
  }

  private ContentReceiver fileReceiver(
      RequestContext context, SessionId session, FileParams params) {
    var target =
        new FileTarget(parsePath(params.path(), "/path"), FileCondition.ofEtag(params.etag()));
    return bytes -> files.put(context, session, target, bytes).map(this::encode);
  }

  @MessageMapping("sessions.{id}.files.unpack")
  Flux<DataBuffer> unpack(
      @DestinationVariable SessionId id, Flux<byte[]> data, RequestContext context) {
    return receiveUpload(
        toBuffers(data),
        params -> archiveReceiver(context, id, json.read(params, UnpackParams.class)));
  }

  private ContentReceiver archiveReceiver(
      RequestContext context, SessionId session, UnpackParams params) {
    var folder = parseFolder(params.folder());
    return bytes -> files.unpack(context, session, folder, bytes).map(this::encode);
  }

  private DataBuffer encode(Object value) {
    return DefaultDataBufferFactory.sharedInstance.wrap(json.toBytes(value));
  }

  private static Flux<DataBuffer> toBuffers(Flux<byte[]> data) {
    return data.map(bytes -> DefaultDataBufferFactory.sharedInstance.wrap(bytes));
  }

  /** Receiver of uploaded bytes. */
  private interface ContentReceiver {
    Mono<DataBuffer> receive(Flux<DataBuffer> bytes);
  }

  /** Receives an upload: the first payload contains the target of the others. */
  private Flux<DataBuffer> receiveUpload(
      Flux<DataBuffer> buffers, Function<ObjectNode, ContentReceiver> receiverFactory) {
    return buffers.switchOnFirst(
        (firstSignal, allBuffers) -> {
          var header = firstSignal.get();
          if (header == null)
            return Flux.error(InvalidRequestException.body("", "must be an object"));
          var fields = json.parseObject(Utf8Text.decode(Utf8Text.bytes(header)));
          return receiverFactory.apply(fields).receive(allBuffers.skip(1)).flux();
        });
  }

  private static long requireNotNegative(@Nullable Long value, long defaultValue, String pointer) {
    if (value != null && value < 0)
      throw InvalidRequestException.body(pointer, "must not be negative");
    return value == null ? defaultValue : value;
  }

  private static List<String> parseFolder(@Nullable String text) {
    return text == null || text.isEmpty() ? List.of() : parsePath(text, "/folder").steps();
  }

  private static FilePath parsePath(@Nullable String text, String pointer) {
    if (text == null) throw InvalidRequestException.body(pointer, "is required");
    try {
      return FilePath.of(text);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.body(pointer, String.valueOf(exception.getMessage()));
    }
  }
}
