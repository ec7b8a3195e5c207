package io.agentledger.gateway.docs;

import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.SampleRejections;
import io.agentledger.gateway.support.problem.ProblemMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * Code of a problem, as the code of the service defines it.
 *
 * @param code may contain names of fields in braces
 * @param status of the response
 * @param cause first sentence of the rejection's Javadoc; empty for other problems
 * @param isTemporary whether the response has {@code retry_after_seconds}
 */
record ErrorCode(String code, HttpStatus status, String cause, boolean isTemporary) {
  /** Problems with a literal code behind their status. */
  private static final Pattern PROBLEM = Pattern.compile("Status\\.([A-Z_]+),\\s*\"([a-z_]+)\"");

  /** Problems in a switch over the status. */
  private static final Pattern CASE =
      Pattern.compile("case ([A-Z_]+) ->\\s*Problem\\.create\\(\\s*status,\\s*\"([a-z_]+)\"");

  /** Problems that only have a status, whose name is their code. */
  private static final Pattern STATUS =
      Pattern.compile("(?:new ResponseStatusException|super)\\(\\s*HttpStatus\\.([A-Z_]+)");

  private static final Pattern UNAVAILABLE = Pattern.compile("unavailable\\(\\s*\"([a-z_]+)\"");

  private static final List<String> MODULES = List.of("api", "gateway");

  /** Returns all codes, ordered by their names. */
  static Collection<ErrorCode> all() {
    var codes = new TreeMap<String, ErrorCode>();
    for (var source : sources(ApiTestServer.root().resolve("gateway/src/main/java")))
      addProblems(source, codes);
    var javadoc = JavadocSentences.of(ApiTestServer.root(), MODULES);
    for (var rejection : SampleRejections.all()) {
      var code = of(rejection, javadoc);
      codes.put(code.code(), code);
    }
    return codes.values();
  }

  private static ErrorCode of(Rejection rejection, JavadocSentences javadoc) {
    var problem = ProblemMapper.toProblem(new RejectionException(rejection), null);
    return new ErrorCode(
        rejection.code(),
        HttpStatus.valueOf(problem.status()),
        javadoc.sentenceOf(rejection.getClass().getCanonicalName()),
        problem.retryAfterSeconds() != null);
  }

  private static void addProblems(String source, TreeMap<String, ErrorCode> codes) {
    PROBLEM
        .matcher(source)
        .results()
        .forEach(hit -> add(codes, hit.group(2), HttpStatus.valueOf(hit.group(1)), false));
    CASE.matcher(source)
        .results()
        .forEach(hit -> add(codes, hit.group(2), HttpStatus.valueOf(hit.group(1)), false));
    STATUS
        .matcher(source)
        .results()
        .forEach(
            hit ->
                add(
                    codes,
                    hit.group(1).toLowerCase(Locale.ROOT),
                    HttpStatus.valueOf(hit.group(1)),
                    false));
    UNAVAILABLE
        .matcher(source)
        .results()
        .forEach(hit -> add(codes, hit.group(1), HttpStatus.SERVICE_UNAVAILABLE, true));
  }

  private static void add(
      TreeMap<String, ErrorCode> codes, String code, HttpStatus status, boolean isTemporary) {
    codes.put(code, new ErrorCode(code, status, "", isTemporary));
  }

  private static List<String> sources(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).map(ErrorCode::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
