package io.agentledger.client.session;

import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.workspace.FileView;
import io.agentledger.client.support.ApiHttpClient;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Client of the files of one session's workspace. Paths are relative to it, with / between the
 * names.
 */
public final class WorkspaceFilesClient {
  private final ApiHttpClient http;
  private final String path;

  WorkspaceFilesClient(ApiHttpClient http, String path) {
    this.http = http;
    this.path = path;
  }

  /** Number and size of unpacked files. */
  public record Unpacked(long files, long bytes) {}

  /**
   * Lists the files of a folder, by name.
   *
   * @param folder empty is the workspace itself
   */
  public Page<FileView> list(String folder, PageRequest page) {
    var query = folder.isEmpty() ? "" : "&folder=" + encode(folder);
    return http.get(path + SessionsClient.pageQuery(page) + query, new TypeReference<>() {});
  }

  /**
   * Lists the files of a folder as the last checkpoint, or rewind, at a position contains them.
   *
   * @param folder empty is the workspace itself
   */
  public Page<FileView> list(String folder, SessionPosition position, PageRequest page) {
    var query = folder.isEmpty() ? "" : "&folder=" + encode(folder);
    return http.get(
        path
            + SessionsClient.pageQuery(page)
            + query
            + "&"
            + SessionsClient.positionQuery(position),
        new TypeReference<>() {});
  }

  /**
   * Reads a file as the last checkpoint, or rewind, at a position contains it; the caller closes
   * it.
   */
  public InputStream read(String file, SessionPosition position) {
    return http.openBody(contentPath(file) + "&" + SessionsClient.positionQuery(position));
  }

  /** Reads a whole file; the caller closes it. */
  public InputStream read(String file) {
    return http.openBody(contentPath(file));
  }

  /**
   * Reads at most {@code length} bytes of a file, which must have one at the offset; the caller
   * closes it.
   */
  public InputStream read(String file, long offset, long length) {
    return http.openBody(contentPath(file) + "&offset=" + offset + "&length=" + length);
  }

  /** Writes a file in one step; missing folders are created. */
  public FileView write(String file, BodyPublisher content) {
    return write(file, content, null);
  }

  public FileView write(String file, byte[] content) {
    return write(file, BodyPublishers.ofByteArray(content));
  }

  /**
   * Writes a file in one step.
   *
   * @param etag etag of the only version that may be replaced; null replaces any
   */
  public FileView write(String file, BodyPublisher content, @Nullable String etag) {
    return http.put(contentPath(file), content, etag, new TypeReference<>() {});
  }

  /** Deletes a file or an empty folder. */
  public void delete(String file) {
    http.delete(contentPath(file));
  }

  /**
   * Unpacks a zip, tar or tar.gz into a folder.
   *
   * @param folder empty is the workspace itself
   */
  public Unpacked upload(String folder, BodyPublisher archive) {
    var query = folder.isEmpty() ? "" : "?folder=" + encode(folder);
    return http.put(path + "/archive" + query, archive, null, new TypeReference<>() {});
  }

  /** Reads the workspace as a tar.gz; the caller closes it. */
  public InputStream download() {
    return http.openBody(path + "/archive");
  }

  private String contentPath(String file) {
    return path + "/content?path=" + encode(file);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
