package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.shared.Page;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import io.agentledger.gateway.support.platform.PlatformResource;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResources;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server for workspace files. */
@Component
class FilePlatformTools implements PlatformToolProvider {
  /** Maximum number of bytes that one call reads. */
  static final int LENGTH_MAX = 256 * 1024;

  private static final long LENGTH_DEFAULT = 64 * 1024;
  private static final String REQUIRED = "is required";
  private static final String NOT_NEGATIVE = "must not be negative";
  private static final String LENGTH_RULE = "must be 1 to 262144";

  private final FileService files;

  FilePlatformTools(FileService files) {
    this.files = files;
  }

  record ListFilesArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Path of a directory, relative to the workspace; the workspace if omitted")
          @Nullable String folder,
      @ToolArgument("Number of entries, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  record ReadFileArguments(
      @ToolArgument("Id of the session") @NotNull(message = REQUIRED) SessionId sessionId,
      @ToolArgument("Path of the file, relative to the workspace") @NotNull(message = REQUIRED)
          String path,
      @ToolArgument("First byte; 0 if omitted") @Nullable @Min(value = 0, message = NOT_NEGATIVE)
          Long offset,
      @ToolArgument("Number of bytes, 1 to 262144; 65536 if omitted")
          @Nullable
          @Min(value = 1, message = LENGTH_RULE)
          @Max(value = LENGTH_MAX, message = LENGTH_RULE)
          Integer length) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "list_files",
            "List files",
            "Lists a directory of a session's workspace by name.",
            Effect.READ,
            FindSession.class,
            ListFilesArguments.class,
            this::list),
        readFile());
  }

  private PlatformTool<ReadFileArguments> readFile() {
    return new PlatformTool<>(
        "read_file",
        "Read a file",
        "Reads a part of a file in a session's workspace: text as it is, other content in base64."
            + " next_offset is where the next part begins.",
        Effect.READ,
        FindSession.class,
        ReadFileArguments.class,
        this::read);
  }

  @Override
  public List<PlatformResource> resources() {
    return List.of(
        new PlatformResource(
            "agentledger://sessions/{session_id}/files/{path}",
            "session_file",
            "The first 65536 bytes of a file in a session's workspace; slashes in the path are"
                + " encoded as %2F",
            readFile()));
  }

  private Mono<Page<FileView>> list(RequestContext context, ListFilesArguments arguments) {
    var page = PlatformTool.toPage(arguments.limit(), arguments.cursor());
    var folder = arguments.folder();
    var steps =
        folder == null || folder.isEmpty()
            ? List.<String>of()
            : parsePath(folder, "/folder").steps();
    return files.list(
        context,
        arguments.sessionId(),
        new FileService.ListParams(steps, page.cursor(), page.limit()));
  }

  private Mono<FilePart> read(RequestContext context, ReadFileArguments arguments) {
    var path = parsePath(arguments.path(), "/path");
    long offset = arguments.offset() == null ? 0 : arguments.offset();
    long length = arguments.length() == null ? LENGTH_DEFAULT : arguments.length();
    return RequestResources.using(
        resources ->
            files
                .open(context, arguments.sessionId(), path, resources)
                .flatMap(file -> read(file, offset, length)));
  }

  private static Mono<FilePart> read(OpenFile file, long offset, long length) {
    long begin = Math.min(offset, file.view().sizeBytes());
    long end = Math.min(begin + length, file.view().sizeBytes());
    return DataBufferUtils.join(FileService.readBytes(file, begin, end - begin))
        .map(FilePlatformTools::toBytes)
        .defaultIfEmpty(new byte[0])
        .map(bytes -> FilePart.of(file.view(), begin, bytes));
  }

  private static byte[] toBytes(DataBuffer buffer) {
    try {
      var bytes = new byte[buffer.readableByteCount()];
      buffer.read(bytes);
      return bytes;
    } finally {
      DataBufferUtils.release(buffer);
    }
  }

  private static FilePath parsePath(String text, String pointer) {
    try {
      return FilePath.of(text);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.body(pointer, String.valueOf(exception.getMessage()));
    }
  }
}
