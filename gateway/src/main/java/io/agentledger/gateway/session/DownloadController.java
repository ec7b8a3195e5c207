package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.api.workspace.WorkspaceFiles.Packing;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All of a workspace at once, packed while it is taken: nothing is written to a disk for it. */
@RestController
@RequestMapping(path = SessionController.PATH + "/{id}")
@Tag(name = "files")
class DownloadController {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String GZIP = "application/gzip";

  private final Bus bus;
  private final SessionDoor door;
  private final WorkspaceFiles files;

  DownloadController(Bus bus, SessionDoor door, WorkspaceFiles files) {
    this.bus = bus;
    this.door = door;
    this.files = files;
  }

  @GetMapping(
      path = {"/files/archive", "/workdir/download"},
      produces = GZIP)
  @Operation(operationId = "downloadWorkspace", summary = "The workspace as a tar.gz")
  Mono<ResponseEntity<Flux<DataBuffer>>> download(@PathVariable SessionId id, Visit visit) {
    return door.find(visit, id)
        .then(bus.back(Mono.fromCompletionStage(() -> files.pack(id))))
        .map(
            packing ->
                ResponseEntity.ok()
                    .contentType(MediaType.valueOf(GZIP))
                    .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(id + ".tar.gz").build().toString())
                    .body(bytes(packing)));
  }

  /** A thread for each that waits for its taker: they cost nothing, and files block. */
  private static Flux<DataBuffer> bytes(Packing packing) {
    return Flux.from(
        DataBufferUtils.outputStreamPublisher(
            out -> {
              try {
                packing.into(out);
              } catch (IOException failed) {
                throw new UncheckedIOException(failed);
              }
            },
            DefaultDataBufferFactory.sharedInstance,
            Thread::startVirtualThread,
            BUFFER_BYTES));
  }
}
