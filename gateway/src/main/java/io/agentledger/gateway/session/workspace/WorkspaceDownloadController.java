package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResourcesFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.core.io.buffer.DataBuffer;
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

/**
 * REST endpoints to download a workspace as an archive, which is produced with backpressure and
 * without temporary files.
 */
@RestController
@RequestMapping(path = SessionController.PATH + "/{id}")
@Tag(name = "files")
class WorkspaceDownloadController {
  private static final String GZIP = "application/gzip";

  private final FileService files;

  WorkspaceDownloadController(FileService files) {
    this.files = files;
  }

  @GetMapping(path = "/files/archive", produces = GZIP)
  @Operation(
      operationId = "downloadWorkspace",
      summary = "Download the workspace as a tar.gz archive")
  Mono<ResponseEntity<Flux<DataBuffer>>> download(
      @PathVariable SessionId id, RequestContext context) {
    return RequestResourcesFilter.resources()
        .flatMap(resources -> files.pack(context, id, resources))
        .map(
            archive ->
                ResponseEntity.ok()
                    .contentType(MediaType.valueOf(GZIP))
                    .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(id + ".tar.gz").build().toString())
                    .body(archive));
  }

  @GetMapping(path = "/workdir/download", produces = GZIP)
  @Operation(
      operationId = "downloadWorkdir",
      summary = "Alias of GET /api/v1/sessions/{id}/files/archive")
  Mono<ResponseEntity<Flux<DataBuffer>>> downloadByAlias(
      @PathVariable SessionId id, RequestContext context) {
    return download(id, context);
  }
}
