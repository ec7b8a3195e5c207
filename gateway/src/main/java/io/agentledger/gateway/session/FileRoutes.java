package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.gateway.session.FileDoor.Target;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
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
class FileRoutes {
  private final FileDoor files;
  private final WireJson json;

  FileRoutes(FileDoor files, WireJson json) {
    this.files = files;
    this.json = json;
  }

  /** Which names; null is the workspace itself, its first ones. */
  record Listing(@Nullable String folder, @Nullable Integer limit, @Nullable String cursor) {}

  /** Which bytes; null is from the first and to the last. */
  record Reading(@Nullable String path, @Nullable Long offset, @Nullable Long length) {}

  /** Which file; with an etag that one only. */
  record Changing(@Nullable String path, @Nullable String etag) {}

  /** Where an archive's files go; null is the workspace itself. */
  record Unpacking(@Nullable String folder) {}

  /** What is not there any more. */
  record Gone(String path) {}

  @MessageMapping("sessions.{id}.files.list")
  Mono<byte[]> list(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var which = json.read(json.object(data), Listing.class);
    var some =
        new FileDoor.Some(folder(which.folder()), which.cursor(), Limits.limit(which.limit()));
    return files.list(visit, SessionRoutes.known(id), some).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.files.read")
  Flux<DataBuffer> read(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var which = json.read(json.object(data), Reading.class);
    var file = path(which.path(), "/path");
    long from = notNegative(which.offset(), 0, "/offset");
    long most = notNegative(which.length(), Long.MAX_VALUE, "/length");
    return files
        .open(visit, SessionRoutes.known(id), file)
        .flatMapMany(
            open -> {
              long begin = Math.min(from, open.view().size());
              return FileDoor.bytes(open, begin, Math.min(most, open.view().size() - begin));
            });
  }

  @MessageMapping("sessions.{id}.files.delete")
  Mono<byte[]> delete(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var which = json.read(json.object(data), Changing.class);
    var file = path(which.path(), "/path");
    return files
        .delete(visit, SessionRoutes.known(id), new Target(file, which.etag()))
        .then(Mono.fromSupplier(() -> json.bytes(new Gone(file.toString()))));
  }

  @MessageMapping("sessions.{id}.files.archive")
  Flux<DataBuffer> download(@DestinationVariable String id, Visit visit) {
    return files.pack(visit, SessionRoutes.known(id)).flatMapMany(FileDoor::bytes);
  }

  @MessageMapping("sessions.{id}.files.write")
  Flux<DataBuffer> write(@DestinationVariable String id, Flux<byte[]> data, Visit visit) {
    var session = SessionRoutes.known(id);
    return sent(pieces(data), head -> put(visit, session, json.read(head, Changing.class)));
  }

  private Taking put(Visit visit, SessionId session, Changing which) {
    var target = new Target(path(which.path(), "/path"), which.etag());
    return bytes -> files.put(visit, session, target, bytes).map(this::answer);
  }

  @MessageMapping("sessions.{id}.files.unpack")
  Flux<DataBuffer> unpack(@DestinationVariable String id, Flux<byte[]> data, Visit visit) {
    var session = SessionRoutes.known(id);
    return sent(pieces(data), head -> unpack(visit, session, json.read(head, Unpacking.class)));
  }

  private Taking unpack(Visit visit, SessionId session, Unpacking where) {
    var folder = folder(where.folder());
    return bytes -> files.unpack(visit, session, folder, bytes).map(this::answer);
  }

  private DataBuffer answer(Object value) {
    return DefaultDataBufferFactory.sharedInstance.wrap(json.bytes(value));
  }

  private static Flux<DataBuffer> pieces(Flux<byte[]> data) {
    return data.map(piece -> DefaultDataBufferFactory.sharedInstance.wrap(piece));
  }

  /** What is done with the bytes that come. */
  private interface Taking {
    Mono<DataBuffer> take(Flux<DataBuffer> bytes);
  }

  /** One channel: the first piece says what the others are. */
  private Flux<DataBuffer> sent(Flux<DataBuffer> pieces, Function<ObjectNode, Taking> taking) {
    return pieces.switchOnFirst(
        (first, all) -> {
          var head = first.get();
          if (head == null) return Flux.error(Invalid.body("", "must be an object"));
          var said = json.object(head.toString(StandardCharsets.UTF_8));
          return taking.apply(said).take(all.skip(1)).flux();
        });
  }

  private static long notNegative(@Nullable Long wish, long otherwise, String pointer) {
    if (wish != null && wish < 0) throw Invalid.body(pointer, "must not be negative");
    return wish == null ? otherwise : wish;
  }

  private static List<String> folder(@Nullable String text) {
    return text == null || text.isEmpty() ? List.of() : path(text, "/folder").steps();
  }

  private static FilePath path(@Nullable String text, String pointer) {
    if (text == null) throw Invalid.body(pointer, "must be given");
    try {
      return FilePath.of(text);
    } catch (IllegalArgumentException rule) {
      throw Invalid.body(pointer, String.valueOf(rule.getMessage()));
    }
  }
}
