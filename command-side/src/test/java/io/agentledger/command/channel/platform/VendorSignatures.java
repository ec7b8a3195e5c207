package io.agentledger.command.channel.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.NpmPackages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Signatures by the packages that the vendors publish. */
public final class VendorSignatures {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SECONDS_MAX = 60;

  private VendorSignatures() {}

  /** Signs or verifies one request; {@code scheme} is a function of {@code sign.js}. */
  public static String of(String scheme, Map<String, ?> request) throws Exception {
    var all = new java.util.HashMap<String, Object>(request);
    all.put("scheme", scheme);
    return of(List.of(all)).getFirst();
  }

  /** Signs or verifies requests in one process. */
  public static List<String> of(List<Map<String, Object>> requests) throws Exception {
    var folder =
        NpmPackages.install(
            "platform",
            VendorSignatures.class,
            "/platform/",
            "package.json",
            "package-lock.json",
            "sign.js");
    var process =
        new ProcessBuilder("node", "sign.js")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      try (var input = process.getOutputStream()) {
        input.write(JSON.writeValueAsBytes(requests));
      }
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return List.of(JSON.readValue(output, String[].class));
    } finally {
      process.destroyForcibly();
    }
  }
}
