import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Properties;

/** Prints what java.util.Properties reads from a file: a name and its value in Base64 a line. */
public class ReadProperties {
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        Path path = Path.of(arguments[1]);
        if (arguments[0].equals("reader")) {
            try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
        } else {
            try (InputStream stream = Files.newInputStream(path)) {
                properties.load(stream);
            }
        }
        for (String name : properties.stringPropertyNames()) {
            byte[] value = properties.getProperty(name).getBytes(StandardCharsets.UTF_8);
            System.out.println(name + " " + Base64.getEncoder().encodeToString(value));
        }
    }
}
