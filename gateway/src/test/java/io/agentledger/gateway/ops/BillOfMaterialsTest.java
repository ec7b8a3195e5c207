package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks the list of components that the build adds to the service's jar. */
class BillOfMaterialsTest {
  /** Licences that are compatible with Apache 2.0; of several alternatives, one is enough. */
  private static final Set<String> FINE =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "Go License", // RE2/J's name for BSD-3-Clause
          "The (New) BSD License", // JMustache's name for BSD-3-Clause
          "0BSD",
          "MIT",
          "MIT-0",
          "CC0-1.0",
          "EPL-2.0",
          "Unicode-3.0",
          // Used unmodified, as jars of their own (decision 0094).
          "LGPL-2.1-or-later",
          "GNU Lesser General Public License",
          "Public Domain",
          "Bouncy Castle Licence", // Another name of MIT.
          "Indiana University Extreme! Lab Software License");

  private static JsonNode parts;

  @BeforeAll
  static void read() throws IOException {
    try (var list =
        BillOfMaterialsTest.class.getResourceAsStream("/META-INF/sbom/application.cdx.json")) {
      assertThat(list).as("the list: Maven makes it where it is not offline").isNotNull();
      parts = new JsonMapper().readTree(list).path("components");
    }
  }

  private static Set<String> licences(JsonNode part) {
    var names = new java.util.TreeSet<String>();
    for (var licence : part.path("licenses")) {
      names.add(licence.at("/license/id").asString(""));
      names.add(licence.at("/license/name").asString(""));
      names.add(licence.path("expression").asString(""));
    }
    names.remove("");
    return names;
  }

  @Test
  void everyComponentHasAnAllowedLicense() {
    var unclear = new ArrayList<String>();
    for (var part : parts)
      if (licences(part).stream().noneMatch(FINE::contains))
        unclear.add(part.path("purl").asString() + " " + licences(part));
    assertThat(unclear).isEmpty();
  }

  @Test
  void everyModuleIsListed() {
    assertThat(parts.findValuesAsString("name"))
        .contains(
            "api", "store", "command-side", "projections", "query-side", "tink", "axon-messaging");
  }
}
