package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks the manifests for Kubernetes against the settings, ports and routes of the service. */
class KubernetesTest {
  private static final Path ROOT = ApiTestServer.root();
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final List<JsonNode> manifests = manifests();
  private final JsonNode set = manifest("StatefulSet");
  private final JsonNode container = set.at("/spec/template/spec/containers/0");

  private static List<JsonNode> manifests() {
    try (var text = Files.newBufferedReader(ROOT.resolve("deploy/kubernetes/agentledger.yaml"))) {
      var documents = new ArrayList<JsonNode>();
      new Yaml(new SafeConstructor(new LoaderOptions()))
          .loadAll(text)
          .forEach(document -> documents.add(JSON.valueToTree(document)));
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode manifest(String kind) {
    return manifests.stream()
        .filter(manifest -> manifest.path("kind").asString().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  /** Variables are settings by Spring's rules, or are read by the service under their own name. */
  @Test
  void everyVariableIsASetting() throws IOException {
    var settings = settings();
    assertThat(settings).contains("spring.datasource.url", "server.address");
    var application = Files.readString(ROOT.resolve("gateway/src/main/resources/application.yaml"));
    for (var variable : container.path("env").valueStream().toList()) {
      var name = variable.path("name").asString();
      var isSetting = settings.contains(name.toLowerCase(Locale.ROOT).replace('_', '.'));
      var isPlaceholder = application.contains("${" + name + ":");
      assertThat(isSetting || isPlaceholder || name.equals("ANTHROPIC_API_KEY")).as(name).isTrue();
      assertThat(variable.has("value")).as(name).isNotEqualTo(variable.has("valueFrom"));
    }
    assertThat(container.path("env").valueStream().map(each -> each.path("name").asString()))
        .contains("AGENTLEDGER_HOME", "SERVER_ADDRESS", "SPRING_FLYWAY_USER");
  }

  /** Returns the keys of all settings on the class path, without dashes. */
  private static Set<String> settings() throws IOException {
    var keys = new HashSet<String>();
    for (URL file : Collections.list(KubernetesTest.class.getClassLoader().getResources(METADATA)))
      try (var content = file.openStream()) {
        JSON.readTree(content)
            .path("properties")
            .forEach(key -> keys.add(key.path("name").asString().replace("-", "")));
      }
    return keys;
  }

  @Test
  void portsAreThoseOfTheService() throws IOException {
    var application = Files.readString(ROOT.resolve("gateway/src/main/resources/application.yaml"));
    assertThat(port("http")).isEqualTo(8080);
    assertThat(application).contains("${AGENTLEDGER_PORT:" + port("http") + "}");
    assertThat(application).contains("${AGENTLEDGER_RSOCKET_PORT:" + port("rsocket") + "}");
    for (var port : manifest("Service").at("/spec/ports"))
      assertThat(port(port.path("targetPort").asString())).isPositive();
    assertThat(manifest("Service").at("/spec/selector"))
        .isEqualTo(set.at("/spec/selector/matchLabels"))
        .isEqualTo(set.at("/spec/template/metadata/labels"));
  }

  private int port(String name) {
    return container
        .path("ports")
        .valueStream()
        .filter(port -> port.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow()
        .path("containerPort")
        .asInt();
  }

  @Test
  void probesAreAnsweredWithoutACredential() throws IOException {
    var security =
        "gateway/src/main/java/io/agentledger/gateway/identity/security"
            + "/WebSecurityConfiguration.java";
    var open = Files.readString(ROOT.resolve(security));
    for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      var get = container.path(probe).path("httpGet");
      assertThat(get.path("port").asString()).isEqualTo("http");
      assertThat(get.path("path").asString()).matches("/actuator/health/(liveness|readiness)");
      assertThat(open).contains("\"" + get.path("path").asString() + "\"");
    }
  }

  @Test
  void volumesSecretsAndUsersAreThoseOfTheImage() throws IOException {
    var home = variable("AGENTLEDGER_HOME").path("value").asString();
    var mounts = container.path("volumeMounts").valueStream().toList();
    assertThat(mounts).extracting(mount -> mount.path("mountPath").asString()).contains(home);
    var volumes =
        Stream.concat(
                set.at("/spec/volumeClaimTemplates").valueStream().map(c -> c.path("metadata")),
                set.at("/spec/template/spec/volumes").valueStream())
            .map(volume -> volume.path("name").asString());
    assertThat(volumes.toList())
        .containsExactlyInAnyOrderElementsOf(
            mounts.stream().map(mount -> mount.path("name").asString()).toList());
    var image = Files.readString(ROOT.resolve("deploy/Dockerfile"));
    var pod = set.at("/spec/template/spec/securityContext");
    assertThat(image).contains("--uid " + pod.path("runAsUser").asInt(), "VOLUME " + home);
    assertThat(set.at("/spec/replicas").asInt()).as("a home belongs to one service").isEqualTo(1);
    assertThat(variable("SPRING_DATASOURCE_PASSWORD").at("/valueFrom/secretKeyRef/name").asString())
        .isEqualTo("agentledger-database");
  }

  /** The same as {@code security_opt} of the Compose file, which needs no user namespace. */
  @Test
  void sandboxCanCreateNamespaces() throws IOException {
    var compose = Files.readString(ROOT.resolve("docker-compose.yml"));
    assertThat(compose)
        .contains("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined");
    var context = container.path("securityContext");
    assertThat(context.at("/seccompProfile/type").asString()).isEqualTo("Unconfined");
    assertThat(context.at("/appArmorProfile/type").asString()).isEqualTo("Unconfined");
    assertThat(context.path("procMount").asString()).isEqualTo("Unmasked");
    assertThat(set.at("/spec/template/spec/hostUsers").asBoolean(true))
        .as("procMount needs a user namespace of the pod")
        .isFalse();
  }

  private JsonNode variable(String name) {
    return container
        .path("env")
        .valueStream()
        .filter(variable -> variable.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
