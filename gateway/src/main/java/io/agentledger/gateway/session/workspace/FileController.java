package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.workspace.FileService.FileTarget;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** REST endpoints for workspace files. A change is recorded before it is made. */
@RestController
@RequestMapping(path = SessionController.PATH + "/{id}/files")
@Tag(name = "files")
class FileController {
  private final FileService files;

  FileController(FileService files) {
    this.files = files;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listFiles", summary = "List a directory of the workspace by name")
  Mono<Page<FileView>> list(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable String folder,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      RequestContext context) {
    var steps =
        folder == null || folder.isEmpty()
            ? List.<String>of()
            : parsePath(folder, "folder").steps();
    int limitOrDefault = Pagination.requireLimit(limit);
    return files.list(context, id, new FileService.ListParams(steps, cursor, limitOrDefault));
  }

  /** Reads a file. Ranges are query parameters, because the edge removes the Range header. */
  @GetMapping(path = "/content", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @Operation(operationId = "readFile", summary = "Read a file, or a range of its bytes")
  Mono<ResponseEntity<Flux<DataBuffer>>> read(
      @PathVariable SessionId id,
      @RequestParam String path,
      @RequestParam(required = false) @Nullable Long offset,
      @RequestParam(required = false) @Nullable Long length,
      RequestContext context) {
    var file = parsePath(path, "path");
    var range = ByteRange.create(offset, length);
    return files.open(context, id, file).map(openFile -> toResponse(openFile, file, range));
  }

  /** Requested range of bytes; limited to the length of the file. */
  private record ByteRange(long offset, long length, boolean isWhole) {
    static ByteRange create(@Nullable Long offset, @Nullable Long length) {
      if (offset != null && offset < 0)
        throw InvalidRequestException.parameter("offset", "must not be negative");
      if (length != null && length < 0)
        throw InvalidRequestException.parameter("length", "must not be negative");
      return new ByteRange(
          offset == null ? 0 : offset,
          length == null ? Long.MAX_VALUE : length,
          offset == null && length == null);
    }

    ByteRange clampTo(long size) {
      long from = Math.min(offset, size);
      return new ByteRange(from, Math.min(length, size - from), isWhole);
    }
  }

  private static ResponseEntity<Flux<DataBuffer>> toResponse(
      OpenFile file, FilePath path, ByteRange requested) {
    long size = file.view().sizeBytes();
    var range = requested.clampTo(size);
    var response =
        ResponseEntity.status(range.isWhole() ? HttpStatus.OK : HttpStatus.PARTIAL_CONTENT)
            .eTag("\"" + file.view().etag() + "\"")
            .header(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                    .filename(path.name(), StandardCharsets.UTF_8)
                    .build()
                    .toString())
            .contentType(MediaType.APPLICATION_OCTET_STREAM);
    if (range.length() > 0 && !range.isWhole()) {
      long lastByte = range.offset() + range.length() - 1;
      response.header(
          HttpHeaders.CONTENT_RANGE, "bytes " + range.offset() + "-" + lastByte + "/" + size);
    }
    return response.body(FileService.readBytes(file, range.offset(), range.length()));
  }

  @PutMapping(path = "/content", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "writeFile", summary = "Write a file atomically")
  Mono<ResponseEntity<FileView>> write(
      @PathVariable SessionId id,
      @RequestParam String path,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody(required = false) Flux<DataBuffer> body,
      RequestContext context) {
    var file = parsePath(path, "path");
    return files
        .put(context, id, new FileTarget(file, parseEtag(ifMatch)), body)
        .map(view -> ResponseEntity.ok().eTag("\"" + view.etag() + "\"").body(view));
  }

  @DeleteMapping("/content")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteFile", summary = "Delete a file or an empty directory")
  Mono<Void> delete(
      @PathVariable SessionId id,
      @RequestParam String path,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      RequestContext context) {
    var file = parsePath(path, "path");
    return files.delete(context, id, new FileTarget(file, parseEtag(ifMatch)));
  }

  private static @Nullable String parseEtag(@Nullable String header) {
    return header == null ? null : header.strip().replaceAll("^\"|\"$", "");
  }

  private static FilePath parsePath(String text, String parameter) {
    try {
      return FilePath.of(text);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.parameter(parameter, String.valueOf(exception.getMessage()));
    }
  }
}
