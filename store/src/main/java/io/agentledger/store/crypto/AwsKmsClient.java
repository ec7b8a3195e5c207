package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

/**
 * Adapter of AWS KMS to Tink's port. Addresses are {@code aws-kms://} and a key's ARN; credentials
 * come from AWS's default chain (environment, profile, machine). Associated data is passed in the
 * encryption context, in the format of Tink's own extension: {@code associatedData}, in hex.
 */
final class AwsKmsClient implements KmsClient {
  static final String PREFIX = "aws-kms://";
  private static final int REGION = 3;

  private final Function<Region, software.amazon.awssdk.services.kms.KmsClient> clients;

  AwsKmsClient(Function<Region, software.amazon.awssdk.services.kms.KmsClient> clients) {
    this.clients = clients;
  }

  /** Creates a client of AWS KMS, or of the endpoint that {@code AWS_ENDPOINT_URL_KMS} names. */
  static AwsKmsClient fromEnvironment() {
    return new AwsKmsClient(
        region -> software.amazon.awssdk.services.kms.KmsClient.builder().region(region).build());
  }

  @Override
  public boolean doesSupport(String uri) {
    return uri.startsWith(PREFIX + "arn:") && uri.split(":").length > REGION + 2;
  }

  @Override
  public KmsClient withCredentials(@Nullable String path) {
    throw new UnsupportedOperationException("credentials come from AWS's own chain");
  }

  @Override
  public KmsClient withDefaultCredentials() {
    return this;
  }

  @Override
  public Aead getAead(String uri) throws GeneralSecurityException {
    if (!doesSupport(uri))
      throw new GeneralSecurityException("must be " + PREFIX + "arn:aws:kms:REGION:ACCOUNT:key/ID");
    String arn = uri.substring(PREFIX.length());
    return new Remote(clients.apply(Region.of(arn.split(":")[REGION])), arn);
  }

  private record Remote(software.amazon.awssdk.services.kms.KmsClient service, String arn)
      implements Aead {
    @Override
    public byte[] encrypt(byte[] plain, byte[] associatedData) throws GeneralSecurityException {
      try {
        return service
            .encrypt(
                builder ->
                    builder
                        .keyId(arn)
                        .plaintext(SdkBytes.fromByteArray(plain))
                        .encryptionContext(encryptionContext(associatedData)))
            .ciphertextBlob()
            .asByteArray();
      } catch (SdkException e) {
        throw new GeneralSecurityException("AWS KMS did not encrypt with " + arn, e);
      }
    }

    @Override
    public byte[] decrypt(byte[] sealed, byte[] associatedData) throws GeneralSecurityException {
      try {
        var response =
            service.decrypt(
                builder ->
                    builder
                        .keyId(arn)
                        .ciphertextBlob(SdkBytes.fromByteArray(sealed))
                        .encryptionContext(encryptionContext(associatedData)));
        if (!arn.equals(response.keyId()))
          throw new GeneralSecurityException("AWS KMS decrypted with another key than " + arn);
        return response.plaintext().asByteArray();
      } catch (SdkException e) {
        throw new GeneralSecurityException("AWS KMS did not decrypt with " + arn, e);
      }
    }

    private static Map<String, String> encryptionContext(byte[] associatedData) {
      return associatedData.length == 0
          ? Map.of()
          : Map.of("associatedData", HexFormat.of().formatHex(associatedData));
    }
  }
}
