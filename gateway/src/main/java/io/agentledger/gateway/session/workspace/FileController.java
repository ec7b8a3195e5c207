package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import io.agentledger.gateway.session.PositionParams;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.workspace.FileService.FileTarget;
import io.agentledger.gateway.session.workspace.FileService.FileVersion;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.ByteRanges;
import io.agentledger.gateway.support.web.Download;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RangeNotSatisfiableException;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResourcesFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
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
      @RequestParam(required = false) @Nullable Long at,
      @RequestParam(name = "as_of", required = false) @Nullable Instant asOf,
      RequestContext context) {
    var position = new PositionParams(at, asOf).toPosition();
    var steps =
        folder == null || folder.isEmpty()
            ? List.<String>of()
            : parsePath(folder, "folder").steps();
    int limitOrDefault = Pagination.requireLimit(limit);
    return files.list(
        context, id, new FileService.ListParams(steps, cursor, limitOrDefault), position);
  }

  @GetMapping(path = "/content", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @Operation(
      operationId = "readFile",
      summary = "Read a file, or a range of its bytes",
      description =
          "A range is a Range header with one range of bytes (RFC 9110), or offset and length. "
              + "Several ranges and other units are ignored: the response is the whole file.")
  Mono<ResponseEntity<Flux<DataBuffer>>> read(
      @PathVariable SessionId id,
      @RequestParam String path,
      @RequestParam(required = false) @Nullable Long offset,
      @RequestParam(required = false) @Nullable Long length,
      @RequestParam(required = false) @Nullable Long at,
      @RequestParam(name = "as_of", required = false) @Nullable Instant asOf,
      @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String rangeHeader,
      @RequestHeader(name = HttpHeaders.IF_RANGE, required = false) @Nullable String ifRange,
      RequestContext context) {
    var file = parsePath(path, "path");
    requireAtLeast("offset", offset, 0);
    requireAtLeast("length", length, 1);
    var version = new FileVersion(file, new PositionParams(at, asOf).toPosition());
    return RequestResourcesFilter.resources()
        .flatMap(resources -> files.open(context, id, version, resources))
        .map(
            openFile -> {
              if (offset != null || length != null)
                return toPartResponse(openFile, file, offset, length);
              var range = ByteRanges.parse(rangeHeader, ifRange, quotedEtag(openFile));
              return range == null
                  ? toResponse(openFile, file, HttpStatus.OK, new Part(0, size(openFile)))
                  : toRangeResponse(openFile, file, range);
            });
  }

  private static void requireAtLeast(String parameter, @Nullable Long value, long min) {
    if (value != null && value < min)
      throw InvalidRequestException.parameter(parameter, "must be at least " + min);
  }

  private static String quotedEtag(OpenFile file) {
    return "\"" + file.view().etag() + "\"";
  }

  private static long size(OpenFile file) {
    return file.view().sizeBytes();
  }

  /** Part of a file that is sent. */
  private record Part(long offset, long length) {}

  private static ResponseEntity<Flux<DataBuffer>> toPartResponse(
      OpenFile file, FilePath path, @Nullable Long offset, @Nullable Long length) {
    long from = offset == null ? 0 : offset;
    requireSatisfiable(file, from);
    long rest = size(file) - from;
    var part = new Part(from, length == null ? rest : Math.min(length, rest));
    return toResponse(file, path, HttpStatus.PARTIAL_CONTENT, part);
  }

  private static void requireSatisfiable(OpenFile file, long from) {
    if (from >= size(file)) throw new RangeNotSatisfiableException(size(file));
  }

  private static ResponseEntity<Flux<DataBuffer>> toRangeResponse(
      OpenFile file, FilePath path, HttpRange range) {
    long size = size(file);
    long from = range.getRangeStart(size);
    requireSatisfiable(file, from);
    var part = new Part(from, range.getRangeEnd(size) - from + 1);
    return toResponse(file, path, HttpStatus.PARTIAL_CONTENT, part);
  }

  private static ResponseEntity<Flux<DataBuffer>> toResponse(
      OpenFile file, FilePath path, HttpStatus status, Part part) {
    var response =
        ResponseEntity.status(status)
            .eTag(quotedEtag(file))
            .header(HttpHeaders.ACCEPT_RANGES, "bytes")
            .header(HttpHeaders.CONTENT_DISPOSITION, Download.disposition(path.name()))
            .contentType(MediaType.APPLICATION_OCTET_STREAM)
            .contentLength(part.length());
    if (status == HttpStatus.PARTIAL_CONTENT) {
      long lastByte = part.offset() + part.length() - 1;
      response.header(
          HttpHeaders.CONTENT_RANGE, "bytes " + part.offset() + "-" + lastByte + "/" + size(file));
    }
    return response.body(FileService.readBytes(file, part.offset(), part.length()));
  }

  @PutMapping(path = "/content", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "writeFile",
      summary = "Write a file atomically",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                      schema = @Schema(type = "string", format = "binary"))))
  Mono<ResponseEntity<FileView>> write(
      @PathVariable SessionId id,
      @RequestParam String path,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
          @Nullable String ifNoneMatch,
      ServerHttpRequest request,
      RequestContext context) {
    var file = parsePath(path, "path");
    var condition = FileConditionParser.parse(ifMatch, ifNoneMatch);
    return files
        .put(context, id, new FileTarget(file, condition), UploadBody.read(request))
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
    return files.delete(context, id, new FileTarget(file, FileConditionParser.parse(ifMatch)));
  }

  private static FilePath parsePath(String text, String parameter) {
    try {
      return FilePath.of(text);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.parameter(parameter, String.valueOf(exception.getMessage()));
    }
  }
}
