package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.command.flow.provider.Comment;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.provider.PullRequestRequest;
import io.agentledger.command.flow.repository.PublishRequest;
import io.agentledger.command.flow.repository.RepositoryPublisher;
import io.agentledger.command.flow.repository.TestResultReader;
import io.agentledger.store.flow.GitBackend;
import io.agentledger.store.flow.GitHubStandIn;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Publication of a session's files: the whole service, a vault, checkpoints and git's server. */
class PublishingServiceIT {
  private static final String MARKER = "<!-- agentledger:flw_1 -->";
  private static final String BRANCH = "ledger/flw_1";

  private static Path served;
  private static GitHubStandIn gitHub;
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path temporary) throws IOException {
    served = Files.createDirectory(temporary.resolve("served"));
    gitHub = new GitHubStandIn(served);
    server =
        ApiTestServer.openService(
            Files.createDirectory(temporary.resolve("home")),
            "--agentledger.outbound.ports=" + gitHub.port(),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.git.allow-http=true");
  }

  @AfterAll
  static void close() {
    server.close();
    gitHub.close();
  }

  private static JsonNode assertOk(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    return response.body().isEmpty() ? null : ApiTestServer.json(response);
  }

  private static void put(String path, String body) {
    assertOk(
        server.send(
            server
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))));
  }

  private static SecretRef createSecret() {
    var vault =
        assertOk(server.post("/api/v1/vaults", "{\"name\": \"of GitHub\"}")).path("id").asString();
    put(
        "/api/v1/vaults/" + vault + "/secrets/github",
        "{\"type\": \"static_bearer\", \"url\": \"%s\", \"token\": \"%s\"}"
            .formatted(gitHub.url(), GitHubStandIn.TOKEN));
    return new SecretRef(new VaultId(vault), "github");
  }

  @Test
  void filesOfASessionBecomeAPullRequest() throws IOException {
    var secret = createSecret();
    var opened =
        assertOk(
            server.post(
                "/api/v1/sessions",
                """
                {"workspace": {"type": "git", "url": "%s",
                  "credential": {"vault_id": "%s", "name": "%s"}}}"""
                    .formatted(gitHub.repositoryUrl(), secret.vaultId(), secret.name())));
    var session = new SessionId(opened.path("id").asString());
    put("/api/v1/sessions/" + session + "/files/content?path=read.me", "changed\n");
    server.bean(FileHistory.class).findBranchPoint(session, null).toCompletableFuture().join();
    var me = assertOk(server.get("/api/v1/auth/me"));
    var tenant = new TenantId(me.at("/user/tenant_id").asString());
    var connection = new ProviderConnection(SourceProvider.GITHUB, gitHub.apiUrl(), secret);
    var request =
        new PublishRequest(
            session, connection, gitHub.repositoryUrl(), "main", BRANCH, "Ada", "Change", MARKER);
    var publisher = server.bean(RepositoryPublisher.class);
    var published = publisher.publish(tenant, request).orElseThrow();
    assertThat(publisher.publish(tenant, request)).contains(published);
    var bare = served.resolve(GitHubStandIn.REPOSITORY + ".git");
    assertThat(GitBackend.run(bare, "git", "diff", "--name-only", "main", BRANCH))
        .isEqualTo("read.me");
    assertThat(GitBackend.run(bare, "git", "show", published.commit() + ":read.me"))
        .isEqualTo("changed");
    var client = server.bean(ProviderClient.class);
    var pullRequest =
        client.openPullRequest(
            tenant,
            connection,
            new PullRequestRequest(
                GitHubStandIn.REPOSITORY, BRANCH, "main", "Change", "Text", MARKER));
    var issue = new SourceReference(SourceProvider.GITHUB, GitHubStandIn.REPOSITORY, "1", null);
    client.putComment(tenant, connection, issue, new Comment(null, MARKER, pullRequest.url()));
    assertThat(gitHub.pulls).hasSize(1);
    assertThat(gitHub.comments).hasSize(1);
    assertThat(server.bean(TestResultReader.class).read(session, "mvn verify").verdict())
        .isEqualTo(TestVerdict.NOT_RUN);
    publisher.deleteBranch(tenant, request);
    assertThat(GitBackend.run(bare, "git", "branch", "--list", BRANCH)).isEmpty();
  }
}
