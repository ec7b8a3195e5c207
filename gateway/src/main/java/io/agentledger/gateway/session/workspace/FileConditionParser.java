package io.agentledger.gateway.session.workspace;

import io.agentledger.api.workspace.FileCondition;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Parses the condition of a change: {@code If-Match}, or {@code If-None-Match: *}. */
final class FileConditionParser {
  private static final String ANY = "*";

  private FileConditionParser() {}

  static FileCondition parse(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    if (ifNoneMatch == null) return parse(ifMatch);
    if (ifMatch != null)
      throw InvalidRequestException.header(
          HttpHeaders.IF_NONE_MATCH,
          "must not be given with If-Match: If-None-Match creates a file, If-Match replaces one");
    if (!ifNoneMatch.strip().equals(ANY))
      throw InvalidRequestException.header(
          HttpHeaders.IF_NONE_MATCH,
          "must be *, which only creates a file; to replace a known one, send its ETag in If-Match");
    return FileCondition.ABSENT;
  }

  static FileCondition parse(@Nullable String ifMatch) {
    if (ifMatch == null) return FileCondition.NONE;
    var tag = ifMatch.strip();
    return tag.equals(ANY)
        ? FileCondition.EXISTS
        : FileCondition.ofEtag(tag.replaceAll("^\"|\"$", ""));
  }
}
