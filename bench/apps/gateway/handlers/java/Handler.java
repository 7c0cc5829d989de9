import java.util.HashMap;
import java.util.Map;

public class Handler {
  public Map<String, Object> main(Map<String, Object> event) {
    Map<String, Object> answer = new HashMap<>();
    answer.put("statusCode", 200);
    answer.put("body", event.get("body"));
    return answer;
  }
}
