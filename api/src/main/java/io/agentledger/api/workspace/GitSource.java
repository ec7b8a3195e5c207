package io.agentledger.api.workspace;

import io.agentledger.api.vault.SecretRef;
import org.jspecify.annotations.Nullable;

/**
 * One state of a repository.
 *
 * @param url https, without a user
 * @param ref a branch, a tag or a commit's full id; null for the repository's own head
 * @param depth of the history that comes with it, from 1
 * @param credential in a vault, for that server; null for none
 */
public record GitSource(
    String url, @Nullable String ref, int depth, @Nullable SecretRef credential) {
  public static final int DEPTH_MAX = 10_000;
}
