package io.agentledger.gateway.session.workspace;

import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.api.workspace.GitSource;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Content of a session's workspace at its opening.
 *
 * @param path absolute path of a directory of the service's machine; with {@code copy} and {@code
 *     in_place} only
 * @param url of a repository, https; with {@code git} only, as the following parameters
 * @param ref a branch, a tag or a commit's full id; the repository's default branch if omitted
 * @param depth depth of the fetched history; 1 if omitted
 * @param credential a secret for the repository's server
 */
public record WorkspaceRequest(
    @NotNull(message = "must be copy, empty, git, in_place or upload") Type type,
    @Nullable String path,
    @Nullable @Size(max = 2048, message = "must be at most 2048 characters") String url,
    @Nullable @Size(min = 1, max = 255, message = "must be 1 to 255 characters") @SafeText
        String ref,
    @Nullable @Range(min = 1, max = GitSource.DEPTH_MAX, message = "must be 1 to 10000")
        Integer depth,
    @Nullable @Valid CredentialReference credential) {
  public static final WorkspaceRequest EMPTY = ofType(Type.EMPTY);
  public static final WorkspaceRequest UPLOAD = ofType(Type.UPLOAD);

  /** Source of the first files of a workspace. */
  public enum Type {
    /** The directory itself, which is never copied, changed in owner, or replaced. */
    IN_PLACE,
    COPY,
    EMPTY,
    /** A checkout of a repository. */
    GIT,
    /** Uploaded files of a multipart/form-data request. */
    UPLOAD
  }

  /** Reference to a secret in a vault. */
  record CredentialReference(
      @NotNull(message = "is required") VaultId vaultId,
      @NotNull(message = "is required")
          @Size(min = 1, max = 64, message = "must be 1 to 64 characters")
          @SafeText
          String name) {
    SecretRef toRef() {
      return new SecretRef(vaultId, name);
    }
  }

  private static WorkspaceRequest ofType(Type type) {
    return new WorkspaceRequest(type, null, null, null, null, null);
  }

  public Path requirePath() {
    rejectFieldsOfOtherTypes();
    if (path == null)
      throw InvalidRequestException.body("/workspace/path", "must be given with copy and in_place");
    try {
      var folder = Path.of(path);
      if (folder.isAbsolute()) return folder;
    } catch (InvalidPathException exception) {
      // The text is not a path: the same rule is violated.
    }
    throw InvalidRequestException.body("/workspace/path", "must be an absolute path");
  }

  public GitSource toGitSource() {
    rejectFieldsOfOtherTypes();
    if (url == null) throw InvalidRequestException.body("/workspace/url", "must be given with git");
    try {
      var scheme = String.valueOf(new URI(url).getScheme());
      if (scheme.equals("https") || scheme.equals("http"))
        return new GitSource(
            url, ref, depth == null ? 1 : depth, credential == null ? null : credential.toRef());
    } catch (URISyntaxException exception) {
      // The text is not a URL: the same rule is violated.
    }
    throw InvalidRequestException.body("/workspace/url", "must be an https URL");
  }

  void requireUpload() {
    if (type != Type.UPLOAD)
      throw InvalidRequestException.body(
          "/workspace/type", "must be upload where files are sent along");
    rejectFieldsOfOtherTypes();
  }

  /**
   * Validates the workspace of a template. Directories cannot be resolved, because the user is not
   * known yet.
   */
  public void check() {
    switch (type) {
      case COPY -> requirePath();
      case GIT -> toGitSource();
      case EMPTY -> rejectFieldsOfOtherTypes();
      case IN_PLACE ->
          throw InvalidRequestException.body(
              "/workspace/type",
              "cannot be in_place in a template; set it when opening the session");
      case UPLOAD ->
          throw InvalidRequestException.body("/workspace/type", "must be copy, empty or git");
    }
  }

  /** Rejects fields that would be ignored. */
  public void rejectFieldsOfOtherTypes() {
    if (type != Type.COPY && type != Type.IN_PLACE && path != null)
      throw notAllowedHere("path", "copy and in_place");
    if (type == Type.GIT) return;
    if (url != null) throw notAllowedHere("url", "git");
    if (ref != null) throw notAllowedHere("ref", "git");
    if (depth != null) throw notAllowedHere("depth", "git");
    if (credential != null) throw notAllowedHere("credential", "git");
  }

  private static InvalidRequestException notAllowedHere(String field, String type) {
    return InvalidRequestException.body(
        "/workspace/" + field, "must be given with " + type + " only");
  }
}
