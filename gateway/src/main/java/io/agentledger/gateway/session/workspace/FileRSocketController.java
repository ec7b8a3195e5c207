package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.gateway.session.SessionRSocketController;
import io.agentledger.gateway.session.workspace.FileService.FileTarget;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files that a session works with, over RSocket. Bytes go as they are, in pieces and at the
 * pace of who takes them. What is sent is a channel: first an object that says where it goes, then
 * its bytes.
 */
@Controller
class FileRSocketController {
  private final FileService files;
  private final WireJson json;

  FileRSocketController(FileService files, WireJson json) {
    this.files = files;
    this.json = json;
  }

  /** Which names; null is the workspace itself, its first ones. */
  record ListParams(@Nullable String folder, @Nullable Integer limit, @Nullable String cursor) {}

  /** Which bytes; null is from the first and to the last. */
  record ReadParams(@Nullable String path, @Nullable Long offset, @Nullable Long length) {}

  /** Which file; with an etag that one only. */
  record FileParams(@Nullable String path, @Nullable String etag) {}

  /** Where an archive's files go; null is the workspace itself. */
  record UnpackParams(@Nullable String folder) {}

  /** What is not there any more. */
  record DeletedResponse(String path) {}

  @MessageMapping("sessions.{id}.files.list")
  Mono<byte[]> list(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var which = json.read(json.object(data), ListParams.class);
    var listParams =
        new FileService.ListParams(
            folder(which.folder()), which.cursor(), Pagination.limit(which.limit()));
    return files
        .list(context, SessionRSocketController.parseSessionId(id), listParams)
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.files.read")
  Flux<DataBuffer> read(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var which = json.read(json.object(data), ReadParams.class);
    var file = path(which.path(), "/path");
    long from = notNegative(which.offset(), 0, "/offset");
    long most = notNegative(which.length(), Long.MAX_VALUE, "/length");
    return files
        .open(context, SessionRSocketController.parseSessionId(id), file)
        .flatMapMany(
            open -> {
              long begin = Math.min(from, open.view().size());
              return FileService.bytes(open, begin, Math.min(most, open.view().size() - begin));
            });
  }

  @MessageMapping("sessions.{id}.files.delete")
  Mono<byte[]> delete(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var which = json.read(json.object(data), FileParams.class);
    var file = path(which.path(), "/path");
    return files
        .delete(
            context,
            SessionRSocketController.parseSessionId(id),
            new FileTarget(file, which.etag()))
        .then(Mono.fromSupplier(() -> json.bytes(new DeletedResponse(file.toString()))));
  }

  @MessageMapping("sessions.{id}.files.archive")
  Flux<DataBuffer> download(@DestinationVariable String id, RequestContext context) {
    return files
        .pack(context, SessionRSocketController.parseSessionId(id))
        .flatMapMany(FileService::bytes);
  }

  @MessageMapping("sessions.{id}.files.write")
  Flux<DataBuffer> write(
      @DestinationVariable String id, Flux<byte[]> data, RequestContext context) {
    var session = SessionRSocketController.parseSessionId(id);
    return sent(pieces(data), head -> put(context, session, json.read(head, FileParams.class)));
  }

  private Taking put(RequestContext context, SessionId session, FileParams which) {
    var target = new FileTarget(path(which.path(), "/path"), which.etag());
    return bytes -> files.put(context, session, target, bytes).map(this::answer);
  }

  @MessageMapping("sessions.{id}.files.unpack")
  Flux<DataBuffer> unpack(
      @DestinationVariable String id, Flux<byte[]> data, RequestContext context) {
    var session = SessionRSocketController.parseSessionId(id);
    return sent(
        pieces(data), head -> unpack(context, session, json.read(head, UnpackParams.class)));
  }

  private Taking unpack(RequestContext context, SessionId session, UnpackParams where) {
    var folder = folder(where.folder());
    return bytes -> files.unpack(context, session, folder, bytes).map(this::answer);
  }

  private DataBuffer answer(Object value) {
    return DefaultDataBufferFactory.sharedInstance.wrap(json.bytes(value));
  }

  private static Flux<DataBuffer> pieces(Flux<byte[]> data) {
    return data.map(piece -> DefaultDataBufferFactory.sharedInstance.wrap(piece));
  }

  /** What is done with the bytes that come. */
  private interface Taking {
    Mono<DataBuffer> receive(Flux<DataBuffer> bytes);
  }

  /** One channel: the first piece says what the others are. */
  private Flux<DataBuffer> sent(Flux<DataBuffer> pieces, Function<ObjectNode, Taking> taking) {
    return pieces.switchOnFirst(
        (first, all) -> {
          var head = first.get();
          if (head == null)
            return Flux.error(InvalidRequestException.body("", "must be an object"));
          var said = json.object(head.toString(StandardCharsets.UTF_8));
          return taking.apply(said).receive(all.skip(1)).flux();
        });
  }

  private static long notNegative(@Nullable Long wish, long otherwise, String pointer) {
    if (wish != null && wish < 0)
      throw InvalidRequestException.body(pointer, "must not be negative");
    return wish == null ? otherwise : wish;
  }

  private static List<String> folder(@Nullable String text) {
    return text == null || text.isEmpty() ? List.of() : path(text, "/folder").steps();
  }

  private static FilePath path(@Nullable String text, String pointer) {
    if (text == null) throw InvalidRequestException.body(pointer, "must be given");
    try {
      return FilePath.of(text);
    } catch (IllegalArgumentException rule) {
      throw InvalidRequestException.body(pointer, String.valueOf(rule.getMessage()));
    }
  }
}
